import { createHash } from 'node:crypto'
import { type Modele, schemaModele } from './demarche.ts'

/** A definition as it is stored: its text, keys always in the order of the schema, and the fingerprint of that text. */
export interface Definition {
  readonly empreinte: string
  readonly texte: string
}

/** Puts a definition in its one written form, so that the same content has the same fingerprint (SHA-256, hexadecimal) wherever it comes from. */
export function ecrireDefinition(modele: Modele): Definition {
  const texte = JSON.stringify(schemaModele.parse(modele))
  return { texte, empreinte: createHash('sha256').update(texte).digest('hex') }
}
