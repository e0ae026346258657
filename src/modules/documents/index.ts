/** The door of documents: the texts of decisions and messages, who signs them, and what goes around them. */
export { AGENT, estUsage, type Usage, usages } from './gabarit.ts'
export type { Faits } from './marques.ts'
export { courrierDuDocument, type Entete, enTete } from './pdf/lettre.ts'
export { type Redaction, rediger, type SignatairePossible } from './queries/rediger.ts'
