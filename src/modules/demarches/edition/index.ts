/** Versions of a démarche: what differs, what merges, what an editor does, what a new revision means. Pure. */
export { appliquer, type Impossible } from './appliquer.ts'
export { changementsPourHabitant } from './changements.ts'
export {
  type Comparaison,
  type Controle,
  comparaisonsPour,
  enExpression,
  enLignes,
  type Ligne as LigneDeCondition,
  type Lignes,
  type Sujet,
  sujetsDe,
} from './conditions.ts'
export { type Difference, differences, lieuDe } from './differences.ts'
export { type Fusion, fusionner, resoudre } from './fusion.ts'
export type { Choix, Conflit } from './fusion-chantier.ts'
export { identifiants } from './identifiants.ts'
export { type Fait, type Operation, operer, repetitionParDefaut } from './operations.ts'
export { nomDe, phraseDeConflit, phraseDeDifference } from './phrases.ts'
export { type Reference, referencesA } from './references.ts'
export { type Ecartee, type Report, reporter, restaurer } from './revision.ts'
