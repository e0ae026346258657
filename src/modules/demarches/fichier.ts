import * as z from 'zod'
import { checkModele, type Modele, schemaModele } from './demarche.ts'

/** Something wrong in a file, and where. */
export interface DefautDeFichier {
  readonly lieu: string
  readonly message: string
}

let schema: Record<string, unknown> | undefined

/** The JSON Schema (draft 2020-12) of a definition: what `lireFichier` accepts in shape; the sense is checked besides. */
export function schemaPublie(origin: string): Record<string, unknown> {
  schema ??= z.toJSONSchema(schemaModele, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
  const { properties, ...rest } = schema as { properties: Record<string, unknown> }
  return {
    ...rest,
    $id: `${origin}/schemas/demarche.json`,
    title: 'Démarche de Parvis',
    properties: { $schema: { type: 'string' }, ...properties },
  }
}

/** A definition as a file that says its schema. */
export const versFichier = (modele: Modele, origin: string): string =>
  `${JSON.stringify({ $schema: `${origin}/schemas/demarche.json`, ...schemaModele.parse(modele) }, null, 2)}\n`

// Beyond, reasons repeat each other.
const MAX_DEFAUTS = 100

/** Reads a definition from a file (UTF-8, with or without its mark). Gives every reason when it cannot work: nothing is guessed. */
export function lireFichier(
  bytes: Buffer,
): { readonly ok: true; readonly modele: Modele } | { readonly ok: false; readonly defauts: readonly DefautDeFichier[] } {
  const refused = (...defauts: DefautDeFichier[]) => ({ ok: false, defauts: defauts.slice(0, MAX_DEFAUTS) }) as const
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refused({ lieu: '', message: 'Ce fichier n’est pas écrit en UTF-8. Enregistrez-le de nouveau avec cet encodage.' })
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return refused({ lieu: '', message: `Ce fichier n’est pas du JSON lisible. ${place(String(error), text)}` })
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refused({ lieu: '', message: 'Ce fichier ne contient pas une démarche : un objet JSON est attendu.' })
  const { $schema: _, ...definition } = json as Record<string, unknown>
  const defauts = checkModele(definition)
  if (defauts.length > 0) return refused(...defauts)
  return { ok: true, modele: schemaModele.parse(definition) }
}

function place(error: string, text: string): string {
  const position = /position (\d+)/.exec(error)?.[1]
  if (!position) return 'Vérifiez qu’il est complet.'
  const before = text.slice(0, Number(position)).split('\n')
  return `L’erreur est à la ligne ${before.length}, au caractère ${(before.at(-1)?.length ?? 0) + 1}.`
}
