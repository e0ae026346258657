/** What another module takes to let an agent build a condition, as the editor of démarches does. */

export { Condition } from './web/edition/condition.page.tsx'
export { type EtatDeCondition, etatDe, etatSaisi, type LectureDeCondition, lireCondition, sujetsPour } from './web/edition/condition.ts'
