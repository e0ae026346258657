import { type LookupAddress, lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isInternal, isLoopback } from './addresses.ts'

/** A request to somebody else's service, at an address that somebody typed. */
export interface Call {
  readonly url: URL
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** From the name's look-up to the last byte. */
  readonly timeoutMs: number
  /** Beyond, the answer is cut: `isCut`. */
  readonly maxBytes: number
  readonly reach: Reach
  /** Ends the call at once, as `interrupted`. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Where a call may go. `internet`: https, and never an address of this machine nor of a private network. `loopback`: this machine alone, http included
 * (simulators of the tests). `demonstration`: either, since a demonstration listens to this machine only.
 */
export type Reach = 'internet' | 'loopback' | 'demonstration'

/** An answer, whatever its status; or why there is none. */
export type CallResult =
  | { readonly ok: true; readonly status: number; readonly body: Buffer; readonly isCut: boolean }
  | { readonly ok: false; readonly reason: 'internal' | 'timeout' | 'interrupted' | 'unreachable' }

/** Whether an address may be called at all, before its name is looked up: scheme, no user name, and a literal IP address that is allowed. */
export function isAllowedUrl(url: URL, reach: Reach): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isLocal = reach !== 'internet' && (isLoopback(host) || host === 'localhost' || host.endsWith('.localhost'))
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (reach === 'loopback' || isLocal))) return false
  return url.username === '' && url.password === '' && (!isIP(host) || isAllowed[reach](host))
}

/**
 * One request. No redirection is followed, and the addresses that the name has at the moment of connecting are those checked, so that a name that
 * changes meanwhile leads nowhere (DNS rebinding). Never throws.
 */
export function call(asked: Call): Promise<CallResult> {
  const { url, reach, body } = asked
  if (!isAllowedUrl(url, reach)) return Promise.resolve({ ok: false, reason: 'internal' })
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const timeout = AbortSignal.timeout(asked.timeoutMs)
  return new Promise<CallResult>(resolve => {
    const sent = request(url, {
      method: asked.method ?? 'GET',
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'parvis',
        ...asked.headers,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      lookup: checking(isAllowed[reach]),
      agent: false,
      signal: asked.signal ? AbortSignal.any([timeout, asked.signal]) : timeout,
    })
    const fail = (error: Error) => resolve({ ok: false, reason: asked.signal?.aborted ? 'interrupted' : reasonOf(error) })
    sent.on('error', fail)
    // Nothing to switch to (RFC 9110, §15.2.2). Without this, Node closes the connection without a word, and the call would never end.
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ ok: true, status: response.statusCode ?? 101, body: Buffer.alloc(0), isCut: false })
    })
    sent.on('response', response => {
      const status = response.statusCode ?? 0
      const parts: Buffer[] = []
      let sizeBytes = 0
      response.on('data', (part: Buffer) => {
        sizeBytes += part.length
        if (sizeBytes <= asked.maxBytes) return void parts.push(part)
        resolve({ ok: true, status, body: Buffer.concat(parts), isCut: true })
        response.destroy()
      })
      response.on('error', fail)
      response.on('end', () => resolve({ ok: true, status, body: Buffer.concat(parts), isCut: false }))
    })
    sent.end(body)
    // A header that no request may carry is refused before anything leaves.
  }).catch((): CallResult => ({ ok: false, reason: 'unreachable' }))
}

const isAllowed: Readonly<Record<Reach, (address: string) => boolean>> = {
  internet: address => !isInternal(address),
  loopback: isLoopback,
  demonstration: address => isLoopback(address) || !isInternal(address),
}

class Internal extends Error {}

function checking(allowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const found = (addresses ?? []) as LookupAddress[]
      const problem = error ?? (found.length > 0 && found.every(({ address }) => allowed(address)) ? null : new Internal(hostname))
      if (problem || options.all) return callback(problem, found)
      const { address, family } = found[0]!
      return callback(null, address, family)
    })
  }
}

function reasonOf(error: Error): 'internal' | 'timeout' | 'unreachable' {
  if (error instanceof Internal) return 'internal'
  return error.name === 'TimeoutError' || error.name === 'AbortError' ? 'timeout' : 'unreachable'
}

/** Whether a name leads only where a call may not go, as it stands now; false when it has no address. What counts is checked again at each connection. */
export function leadsInside(url: URL, reach: Reach): Promise<boolean> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise(resolve => {
    lookup(host, { all: true }, (error, addresses) => resolve(!error && addresses.some(({ address }) => !isAllowed[reach](address))))
  })
}
