/** The door of dossiers. */
export { agentsDeDemonstration } from './demonstration.ts'
export { type Etat, LIBELLES_ETATS } from './dossier.ts'
