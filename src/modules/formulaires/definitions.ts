/**
 * What the tools that build, compare and read definitions take from the engine (the editor of démarches, its differences, the
 * carry-over of answers). The door gives it as one name, so that the many who only fill in a form need not know it.
 */
export { estTropProfond } from './check-formulaire.ts'
export { longDate } from './dates.ts'
export { type Expression, schemaExpression, termesDe } from './expression.ts'
export { checkExpression, lecturesDe, natureDe } from './expression-check.ts'
export { phrase } from './expression-phrase.ts'
export { estObligatoire, indexDe, limites } from './formulaire.ts'
export { conditionTenue, ouvrirVue, type Vue } from './parcours.ts'
export { fold, formatMontant, formatNumber } from './saisie.ts'
export { type Champ, type NomDeType, schemaChamp, typeDe, types, type Valeur } from './types/index.ts'
export { commun, type Nature } from './types/type-de-champ.ts'
