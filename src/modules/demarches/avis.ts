/** What other modules need about opinions: `avis.donnerAvis`, `avis.moyennePublique` … */
export { donnerAvis } from './commands/donner-avis.ts'
export { avisDonne, avisParMois, type Moyenne, moyennePublique } from './queries/avis.ts'
