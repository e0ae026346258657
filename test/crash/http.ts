import { request } from 'node:http'

/** One request, as a browser on our own page sends it. */
export interface Demande {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly cookie?: string | undefined
  /** The host asked for, when the process that is spoken to listens elsewhere: behind a proxy. */
  readonly hote?: string | undefined
  /** The address of the visitor, as the proxy says it. */
  readonly de?: string
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
  /** With a file the form goes in parts. */
  /** At which of its writings the server must die, for mourir.mjs. */
  readonly point?: string | undefined
  readonly fichiers?: readonly { readonly champ: string; readonly nom: string; readonly octets: Buffer }[]
}

export interface Reponse {
  readonly status: number
  readonly location: string
  readonly cookies: readonly string[]
  readonly body: string
}

/** Sends it once, on a connection of its own. Rejects when no whole answer came back. */
export async function demander({ url, method, cookie, hote, de, point, fields, fichiers }: Demande): Promise<Reponse> {
  const body = await bodyOf(fields, fichiers)
  const headers = {
    ...(method === 'POST' ? { 'sec-fetch-site': 'same-origin' } : {}),
    ...(cookie ? { cookie } : {}),
    ...(hote ? { host: hote } : {}),
    ...(point ? { 'x-point': point } : {}),
    ...(de ? { 'x-forwarded-for': de } : {}),
    ...(body ? { 'content-type': body.type, 'content-length': String(body.bytes.length) } : {}),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false, timeout: 30_000 }, answer => {
      const parts: Buffer[] = []
      answer.on('data', part => parts.push(part))
      answer.on('error', reject)
      answer.on('close', () => reject(new Error('cut in the middle of the answer')))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          location: answer.headers.location ?? '',
          cookies: (answer.headers['set-cookie'] ?? []).map(line => line.split(';')[0]!),
          body: Buffer.concat(parts).toString('utf8'),
        }),
      )
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer in 30 s')))
    sent.on('error', reject)
    sent.end(body?.bytes)
  })
}

async function bodyOf(fields: Demande['fields'], fichiers: Demande['fichiers']): Promise<{ type: string; bytes: Buffer } | undefined> {
  if (!fields && !fichiers) return undefined
  const pairs = Object.entries(fields ?? {}).flatMap(([name, value]) => [value].flat().map(one => [name, String(one)] as const))
  if (!fichiers)
    return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(new URLSearchParams(pairs.map(p => [...p])).toString()) }
  const form = new FormData()
  for (const [name, value] of pairs) form.append(name, value)
  for (const { champ, nom, octets } of fichiers) form.append(champ, new Blob([new Uint8Array(octets)]), nom)
  const whole = new Response(form)
  return { type: whole.headers.get('content-type')!, bytes: Buffer.from(await whole.arrayBuffer()) }
}
