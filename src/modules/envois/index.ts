/** The door of envois: messages to people, by e-mail. */
export { effacerEnvoisDuDossier } from './commands/effacer-envois.ts'
export { envoyer, type MessageAEnvoyer } from './commands/envoyer.ts'
export { type EffetDuRetour, noterRetour } from './commands/noter-retour.ts'
export type { EtatEnvoi } from './envoi.ts'
export { type EnvoiEnEchec, type EnvoiResume, envoisDuDossier, envoisEnEchec } from './queries/envois.ts'
export { envoisVers } from './queries/envois-vers.ts'
export { dossiersNonJoints } from './queries/non-joints.ts'
export { EtatDEnvoi } from './web/boite.page.tsx'
