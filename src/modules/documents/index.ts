/** The door of documents: the texts of decisions and messages, who signs them, and what goes around them. */
export type { BlocCompose } from './composer.ts'
export { AGENT, bornes, type Contenu, estTypeDeBloc, estUsage, lireContenu, type Usage, usages } from './gabarit.ts'
export type { Faits } from './marques.ts'
export { courrierDuDocument, type Entete, enTete } from './pdf/lettre.ts'
export { courriersProposes, type Redaction, rediger, type SignatairePossible } from './queries/rediger.ts'
