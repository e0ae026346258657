/** The door of envois: messages to people, by e-mail. */
export { effacerEnvoisDuDossier } from './commands/effacer-envois.ts'
export { envoyer, type MessageAEnvoyer } from './commands/envoyer.ts'
export type { EtatEnvoi } from './envoi.ts'
export { type EnvoiResume, envoisDuDossier } from './queries/envois.ts'
export { EtatDEnvoi } from './web/boite.page.tsx'
