import type { IncomingHttpHeaders } from 'node:http'
import type { Secrets } from '../secrets.ts'

/**
 * The headers of every answer, errors and files included. Nothing inline is allowed: pages carry no style and no script. `tuiles`: the origin of the
 * tiles of maps, from which images come, and nothing else. Frames: a PDF of ours within a page (VIEW_CSP); our pages themselves are framed by nobody. Our pages alone may ask where the device is, and the browser asks the person.
 */
export function securityHeaders(isHttps: boolean, tuiles?: string): Record<string, string> {
  return {
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:${tuiles ? ` ${tuiles}` : ''}; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(self), microphone=(), payment=(), usb=(), interest-cohort=()',
    ...(isHttps ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}

/** A downloaded document runs nothing and is never shown inside our pages. */
export const FILE_CSP = "sandbox; default-src 'none'; frame-ancestors 'none'"

/**
 * An image that was made again, or a PDF, shown within a page of ours: it still runs nothing, has no origin and fetches nothing. The style is that of the
 * browser's own PDF reader, which some build as a page under the policy of the file.
 */
export const VIEW_CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"

const TOKEN_LIFE_MS = 7 * 24 * 3600 * 1000

/** The token of a form: when it was given, and a signature bound to the visitor's session ('' before there is one). */
export function formToken(secrets: Secrets, session: string, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000).toString(36)
  return `${issued}.${secrets.sign('formulaire', `${issued}|${session}`)}`
}

/**
 * Whether a POST comes from our own page. Browsers that say so are believed (Fetch Metadata, then Origin): sister communes on sibling
 * hosts are « same-site », hence only same-origin will do. Only for the others does the token count.
 */
export function isOwnForm(headers: IncomingHttpHeaders, origins: readonly string[], hasToken: () => boolean): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  if (headers.origin !== undefined) return origins.includes(headers.origin)
  return hasToken()
}

/** Whether a form token is ours, for this session, and less than 7 days old. */
export function isFormToken(secrets: Secrets, token: string, session: string, nowMs: number): boolean {
  const [issued, signature] = token.split('.')
  if (!issued || !signature || !/^[0-9a-z]{1,9}$/.test(issued)) return false
  const ageMs = nowMs - Number.parseInt(issued, 36) * 1000
  return ageMs > -60_000 && ageMs < TOKEN_LIFE_MS && secrets.isSigned('formulaire', `${issued}|${session}`, signature)
}
