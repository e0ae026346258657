import { type LookupAddress, lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { estDeBoucle, estInterne } from './adresses-internes.ts'

/** What asking a service gave: JSON, or why there is none. */
export type ReponseJson =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly raison: Raison; readonly statut?: number }

export type Raison = 'interne' | 'delai' | 'lourd' | 'statut' | 'illisible' | 'injoignable'

/** Asks an address for JSON. Never throws. */
export type Demander = (url: URL, entetes?: Readonly<Record<string, string>>) => Promise<ReponseJson>

export const PATIENCE_MS = 2000
const MAX_BYTES = 512 * 1024

/**
 * GET of JSON over https: 2 s in all, 512 kB at most, no redirection followed, and never an address of this machine or of a private network: the
 * addresses that the name has at the moment of connecting are those checked, so that a name that changes meanwhile leads nowhere (DNS rebinding).
 */
export const demanderJson: Demander = (url, entetes) => demander(url, entetes ?? {}, false)

/** The same, allowed to this machine only, http included: for the simulators of the tests. */
export const demanderEnBoucle: Demander = (url, entetes) => demander(url, entetes ?? {}, true)

function demander(url: URL, entetes: Readonly<Record<string, string>>, isLoop: boolean): Promise<ReponseJson> {
  const isAllowed = isLoop ? estDeBoucle : (address: string) => !estInterne(address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const refused: ReponseJson = { ok: false, raison: 'interne' }
  if (url.protocol !== 'https:' && !(isLoop && url.protocol === 'http:')) return Promise.resolve(refused)
  if (url.username !== '' || (isIP(host) && !isAllowed(host))) return Promise.resolve(refused)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise<ReponseJson>(resolve => {
    const asked = request(url, {
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'parvis', ...entetes },
      lookup: verifiant(isAllowed),
      agent: false,
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    asked.on('error', error => resolve({ ok: false, raison: raisonDe(error) }))
    asked.on('response', response => {
      const fail = (raison: Raison) => {
        response.destroy()
        resolve({ ok: false, raison, ...(raison === 'statut' ? { statut: response.statusCode ?? 0 } : {}) })
      }
      if (response.statusCode !== 200) return fail('statut')
      const parts: Buffer[] = []
      let sizeBytes = 0
      response.on('data', (part: Buffer) => {
        sizeBytes += part.length
        if (sizeBytes > MAX_BYTES) fail('lourd')
        else parts.push(part)
      })
      response.on('error', error => resolve({ ok: false, raison: raisonDe(error) }))
      response.on('end', () => resolve(lire(Buffer.concat(parts))))
    })
    asked.end()
    // A header that no request may carry is refused before anything leaves.
  }).catch((): ReponseJson => ({ ok: false, raison: 'injoignable' }))
}

class Interne extends Error {}

function verifiant(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const found = (addresses ?? []) as LookupAddress[]
      const problem = error ?? (found.length > 0 && found.every(({ address }) => isAllowed(address)) ? null : new Interne(hostname))
      if (problem || options.all) return callback(problem, found)
      const { address, family } = found[0]!
      return callback(null, address, family)
    })
  }
}

function raisonDe(error: Error): Raison {
  if (error instanceof Interne) return 'interne'
  return error.name === 'TimeoutError' || error.name === 'AbortError' ? 'delai' : 'injoignable'
}

function lire(body: Buffer): ReponseJson {
  try {
    return { ok: true, json: JSON.parse(body.toString('utf8')) }
  } catch {
    return { ok: false, raison: 'illisible' }
  }
}
