import * as z from 'zod'
import type { Trouvaille } from '../formulaires/index.ts'

const chemin = z
  .string()
  .max(200)
  .regex(/^[^\s.]+(\.[^\s.]+)*$/, 'Un chemin s’écrit avec des points, par exemple adresse.commune.')

/** Where an API is and how to read its answers. Paths are names separated by dots, numbers for places in a list: `adresse.lignes.0`. */
export const schemaApi = z.strictObject({
  /** `{cle}` stands for what was typed. */
  url: z
    .string()
    .max(500)
    .refine(
      url => url.includes('{cle}') && estUneAdresse(url),
      'Écrivez une adresse https complète où {cle} tient la place de ce qui est tapé.',
    ),
  /** Name of the header that carries the secret; '' for none. */
  entete: z
    .string()
    .max(60)
    .regex(/^[A-Za-z0-9-]*$/, 'Le nom d’un en-tête s’écrit avec des lettres, des chiffres et des tirets.')
    .refine(name => !/^(host|content-length|transfer-encoding|connection|cookie)$/i.test(name), 'Cet en-tête est réservé.'),
  /** Path of the list of results; '' when the answer is the list, or the only result. */
  resultats: z.union([z.literal(''), chemin]),
  cle: chemin,
  libelle: chemin,
  valeurs: z.array(z.strictObject({ nom: z.string().min(1).max(60), chemin })).max(20),
})
export type Api = z.infer<typeof schemaApi>

function estUneAdresse(url: string): boolean {
  // A place held in the name of the host would let whoever types choose where we go.
  const match = url.match(/^https:\/\/([^/?#@]+)(\/[^#]*)$/)
  return match !== null && !match[1]!.includes('{') && URL.canParse(url.replaceAll('{cle}', 'x'))
}

/** The address to ask for what was typed; undefined when what was typed would lead elsewhere (« .. » climbs a path: RFC 3986, §5.2.4). */
export function adresseDeLApi(api: Api, typed: string): URL | undefined {
  const words = encodeURIComponent(typed.toWellFormed())
  const asked = new URL(api.url.replaceAll('{cle}', words))
  // The path declared, braces encoded as every path encodes them (WHATWG URL, path percent-encode set).
  return asked.pathname === new URL(api.url).pathname.replaceAll('%7Bcle%7D', words) ? asked : undefined
}

/** Reads an answer by the mapping: at most 10 results; those without a key or words are left out. Throws nothing, whatever the answer. */
export function lireReponse(api: Api, json: unknown): Trouvaille[] {
  const found = api.resultats === '' ? json : suivre(json, api.resultats)
  const list: unknown[] = Array.isArray(found) ? found : found === undefined || found === null ? [] : [found]
  return list.slice(0, 10).flatMap(result => {
    const [cle, libelle] = [texte(suivre(result, api.cle), 100), texte(suivre(result, api.libelle), 300)]
    if (cle === '' || libelle === '' || cle === 'aucune') return []
    const valeurs = Object.fromEntries(api.valeurs.map(({ nom, chemin: path }) => [nom, texte(suivre(result, path), 300)]))
    return [{ cle, libelle, valeurs }]
  })
}

function suivre(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    return (at as Record<string, unknown>)[name]
  }, value)
}

function texte(value: unknown, max: number): string {
  const typed = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
  // PostgreSQL refuses NUL, and controls of direction disguise a text.
  return typed
    .toWellFormed()
    .replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, max)
}
