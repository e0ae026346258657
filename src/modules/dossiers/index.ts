/** The door of dossiers. */
/** What is published of each démarche: `chiffres.periodesPubliees` … */
export * as chiffres from './chiffres-publics.ts'
export { agentsDeDemonstration } from './demonstration.ts'
export { type Etat, LIBELLES_ETATS } from './dossier.ts'
/** What a person may ask, for who answers on paper: `personnes.extraire`, `personnes.effacer`; and for a restore, `personnes.reeffacer`. */
export * as personnes from './personnes.ts'
/** For who serves other programs: `programmes.listeDesDossiers` … */
export * as programmes from './programmes.ts'
