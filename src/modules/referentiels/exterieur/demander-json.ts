import { type CallResult, call, type Reach } from '../../../platform/http-out/call.ts'

/** What asking a service gave: JSON, or why there is none. */
export type ReponseJson =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly raison: Raison; readonly statut?: number }

export type Raison = 'interne' | 'delai' | 'lourd' | 'statut' | 'illisible' | 'injoignable'

/** Asks an address for JSON. Never throws. */
export type Demander = (url: URL, entetes?: Readonly<Record<string, string>>) => Promise<ReponseJson>

export const PATIENCE_MS = 2000
const MAX_BYTES = 512 * 1024

/** GET of JSON over https: 2 s in all, 512 kB at most, no redirection followed, and never an address of this machine or of a private network (`call`). */
export const demanderJson: Demander = (url, entetes) => demander(url, entetes ?? {}, 'internet')

/** The same, allowed to this machine only, http included: for the simulators of the tests. */
export const demanderEnBoucle: Demander = (url, entetes) => demander(url, entetes ?? {}, 'loopback')

const RAISONS = { internal: 'interne', timeout: 'delai', interrupted: 'injoignable', unreachable: 'injoignable' } as const

async function demander(url: URL, entetes: Readonly<Record<string, string>>, reach: Reach): Promise<ReponseJson> {
  const answer = await call({
    url,
    headers: { accept: 'application/json', ...entetes },
    timeoutMs: PATIENCE_MS,
    maxBytes: MAX_BYTES,
    reach,
  })
  return lire(answer)
}

function lire(answer: CallResult): ReponseJson {
  if (!answer.ok) return { ok: false, raison: RAISONS[answer.reason] }
  if (answer.status !== 200) return { ok: false, raison: 'statut', statut: answer.status }
  if (answer.isCut) return { ok: false, raison: 'lourd' }
  try {
    return { ok: true, json: JSON.parse(answer.body.toString('utf8')) }
  } catch {
    return { ok: false, raison: 'illisible' }
  }
}
