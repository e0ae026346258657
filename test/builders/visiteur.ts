import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOfBase32 } from '../../src/platform/auth/totp.ts'
import { newSecret } from '../../src/platform/ids.ts'
import type { Demonstration } from './parvis.ts'

/** What came back, and how long it took, to the last byte. */
export interface Reponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly location: string
  readonly body: string
  readonly dureeMs: number
}

export type Champs = Readonly<Record<string, string | readonly string[]>>
export interface Fichier {
  readonly champ: string
  readonly nom: string
  readonly octets: Buffer
}

/** A browser without the browser: connections kept open, cookies kept, and nothing else. */
export interface Visiteur {
  lire(path: string): Promise<Reponse>
  /** Sends a form of our own pages; with files it goes in parts. */
  envoyer(path: string, champs: Champs, fichiers?: readonly Fichier[]): Promise<Reponse>
  /** The same cookies before another process of the program. */
  chez(adresse: string): Visiteur
  fermer(): void
}

const PATIENCE_MS = 30_000

/**
 * Opens a visitor of a running program. `de`: their address, as a trusted proxy would say it. `hote`: the name by which the proxy was asked, when
 * it is not the address; a session holds for one name.
 */
export function unVisiteur(
  adresse: string,
  options: { de?: string; hote?: string; cookies?: Map<string, string>; surReponse?: (path: string, reponse: Reponse) => void } = {},
): Visiteur {
  const cookies = options.cookies ?? new Map<string, string>()
  const agent = new Agent({ keepAlive: true })
  const demander = (method: string, path: string, body?: { type: string; bytes: Buffer }) =>
    new Promise<Reponse>((resolve, reject) => {
      const start = performance.now()
      const headers = {
        'accept-encoding': 'identity',
        ...(options.hote ? { host: options.hote } : {}),
        ...(method === 'POST' ? { 'sec-fetch-site': 'same-origin' } : {}),
        ...(cookies.size > 0 ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...(options.de ? { 'x-forwarded-for': options.de } : {}),
        ...(body ? { 'content-type': body.type, 'content-length': String(body.bytes.length) } : {}),
      }
      const sent = request(new URL(path, adresse), { method, headers, agent, timeout: PATIENCE_MS }, answer => {
        const parts: Buffer[] = []
        answer.on('data', part => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          for (const line of answer.headers['set-cookie'] ?? []) {
            const [name = '', value = ''] = line.split(';')[0]!.split(/=(.*)/s)
            if (value) cookies.set(name, value)
            else cookies.delete(name)
          }
          const reponse = {
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            location: answer.headers.location ?? '',
            body: Buffer.concat(parts).toString('utf8'),
            dureeMs: performance.now() - start,
          }
          options.surReponse?.(`${method} ${path}`, reponse)
          resolve(reponse)
        })
      })
      sent.on('timeout', () => sent.destroy(new Error(`no answer in ${PATIENCE_MS} ms: ${path}`)))
      sent.on('error', reject)
      sent.end(body?.bytes)
    })
  return {
    lire: path => demander('GET', path),
    envoyer: async (path, champs, fichiers) => demander('POST', path, await corps({ _cle: newSecret(), ...champs }, fichiers)),
    chez: autre => unVisiteur(autre, { ...options, cookies }),
    fermer: () => agent.destroy(),
  }
}

async function corps(champs: Champs, fichiers: readonly Fichier[] = []): Promise<{ type: string; bytes: Buffer }> {
  const pairs = Object.entries(champs).flatMap(([name, value]) => [value].flat().map(one => [name, String(one)] as [string, string]))
  if (fichiers.length === 0) {
    return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(new URLSearchParams(pairs).toString()) }
  }
  const form = new FormData()
  for (const [name, value] of pairs) form.append(name, value)
  for (const { champ, nom, octets } of fichiers) form.append(champ, new Blob([new Uint8Array(octets)]), nom)
  const whole = new Response(form)
  return { type: whole.headers.get('content-type')!, bytes: Buffer.from(await whole.arrayBuffer()) }
}

/** Signs a fictional agent in. A code serves once: when another test has used that of this half minute, the next is waited for. */
export async function connecter(visiteur: Visiteur, chemin: string, agent: Demonstration['agents'][number]): Promise<void> {
  await visiteur.envoyer(`${chemin}/agent/connexion`, { courriel: agent.courriel, mot_de_passe: agent.motDePasse })
  for (let attempt = 0; attempt < 3; attempt++) {
    const { status } = await visiteur.envoyer(`${chemin}/agent/connexion/code`, { code: codeOfBase32(agent.totp, new Date())! })
    if (status === 303) return
    await sleep(30_000 - (Date.now() % 30_000) + 200)
  }
  throw new Error(`${agent.courriel} could not sign in`)
}
