/** The door of the module: the engine of forms. Pure, without database nor network; other modules store what it gives. */
export { type Acceptation, acceptEtape, type Erreur, type Saisie } from './accept-etape.ts'
export { addRow, aucuneReponse, type Ligne, type Reponses, removeRow, setPieces } from './answers.ts'
export { checkFormulaire, type Defaut } from './check-formulaire.ts'
/** Civil days: `dates.addMonths`, `dates.longDate` … */
export * as dates from './dates.ts'
/** For those who build and compare definitions: `definitions.phrase`, `definitions.typeDe` … */
export * as definitions from './definitions.ts'
export { type Etape, type Formulaire, schemaFormulaire } from './formulaire.ts'
export { type Parametre, valeursDesParametres } from './parametre.ts'
export { type Commune, type Env, type EtapeVue, type Expression, parcours, type ValeurParametre } from './parcours.ts'
export { ineligibility, type Probleme, problems } from './problems.ts'
export { recapitulatif, type SectionRecapitulatif } from './recapitulatif.ts'
/** The étapes reserved to agents, and what they note: `reserve.partPublique`, `reserve.avecAnnotations` … */
export * as reserve from './reserve.ts'
export { avecTrouvailles, type Chercheur, type Recherche, type Reponse, type Trouvaille } from './web/avec-trouvailles.ts'
export { ChampsDeLEtape, type ChampsDeLEtapeProps } from './web/etape-form.tsx'
/** One field of each type with what it accepts and refuses, and the content of the page that shows them. */
export { type ExempleDeType, ExemplesDeTypes, exemplesDeTypes } from './web/exemples-de-types.tsx'
export { Recapitulatif, type RecapitulatifProps } from './web/recapitulatif.tsx'
