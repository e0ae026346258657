import assert from 'node:assert/strict'
import type { LightMyRequestResponse } from 'fastify'

/** A generator that gives the same values again for the same seed (mulberry32). */
export function hasard(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

// `<zqx` is in no page of ours: seen in an answer, it came back unescaped.
export const HOSTILES: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e99',
  '99999999999999999999',
  'NaN',
  'null',
  'undefined',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  "' or 1=1 --",
  "'; drop table dossier; --",
  "1' union select mot_de_passe from agent --",
  '<zqx onload=alert(1)>',
  '"><zqx>',
  "'><zqx>",
  '</textarea><zqx>',
  '<script>zqx</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what is sent is the dollar sign itself
  '${7*7}zqx',
  '{{7*7}}zqx',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/etc/passwd\0.pdf',
  'a\r\nX-Injecte: oui',
  'a\r\n\r\n<zqx>',
  'javascript:alert(1)',
  '//ailleurs.example',
  'https://ailleurs.example/',
  '\0',
  'a\0b',
  '\ud800',
  'x\udc00y',
  '\u202egnp.exe',
  '\u2066\u2069\u200b\ufeff',
  'é'.normalize('NFD'),
  'ﷺ'.repeat(50),
  '😀'.repeat(60),
  `${'a'.repeat(199)}😀`,
  `${'a'.repeat(3999)}😀b`,
  'A'.repeat(10_000),
  '9'.repeat(400),
  '%00',
  '%ff',
  '%c0%ae%c0%ae/',
  '%0d%0aX-Injecte:%20oui',
  '2026-02-31',
  '31/02/2026',
  '0000-00-00',
  '﷽'.repeat(200),
  'e\u0301'.repeat(500),
  'a@b',
  '"a b"@courriel.example',
  'a@courriel.example\nBcc: tous@courriel.example',
  '(((((((((((((((((((((((((a+)+)+)+)+)+)+)+)+$',
  '{"$ne": null}',
  '&amp;&lt;zqx&gt;',
  '1;2;3',
  '00000000-0000-0000-0000-000000000000',
  '01A20093-3C5A-713A-A096-9C59D7819CE8',
]

const HEADERS: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^same-origin$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\)/,
}

// What a library, the language or the database would say of an accident.
const INSIDE =
  /node:internal|node_modules|\bat \w[\w.]* \(|\.tsx?:\d+|SQLSTATE|invalid input syntax|syntax error|violates|relation &quot;|pg_|Kysely|TypeError|RangeError|ECONN|FST_|undefined is not|is not a function|\[object Object\]/

/** What every answer must be, whatever was sent. `what` tells the request in a failure. */
export function assertSain(response: LightMyRequestResponse, what: string, allowed: { objectText?: boolean; isHead?: boolean } = {}): void {
  const { statusCode, headers, body } = response
  assert.ok(statusCode < 500, `${what}: ${statusCode} ${body.match(/<main[\s\S]{0,600}/)?.[0] ?? body.slice(0, 300)}`)
  for (const [name, pattern] of Object.entries(HEADERS)) assert.match(String(headers[name] ?? ''), pattern, `${what}: header ${name}`)
  assert.equal(headers['x-injecte'], undefined, `${what}: a header was injected`)
  assert.ok(headers['cache-control'], `${what}: no cache-control`)
  for (const cookie of [headers['set-cookie'] ?? []].flat())
    assert.match(cookie, /^parvis(-agent)?=[\w-]*; (Max-Age=0; )?Path=\/; HttpOnly; SameSite=Lax$/, what)
  if (statusCode === 303) {
    assert.match(String(headers.location), /^\/(?!\/)[\x21-\x7e]*$/, `${what}: location`)
    return
  }
  if (!String(headers['content-type']).startsWith('text/html')) {
    if (statusCode >= 400 && !allowed.isHead) assertRefusDeProgramme(response, what)
    return
  }
  if (allowed.isHead) return
  assert.match(body, /^<!doctype html><html lang="fr"/i, what)
  assert.ok(!body.includes('<zqx') && !body.includes('<script>zqx') && !body.includes('49zqx'), `${what}: reflected`)
  assert.doesNotMatch(body, /(href|action|src)="\s*(javascript|data:text)/i, what)
  // Tokens and keys are made by chance, and may hold anything.
  const words = body.replace(/value="[\w.-]{16,}"/g, '')
  const clean = allowed.objectText ? words.replaceAll('[object Object]', '') : words
  assert.doesNotMatch(clean, INSIDE, what)
  if (statusCode >= 400) assert.match(body, /<(p|li|a|span)[^>]*>[^<]{12,}[.!?]/, `${what}: ${statusCode} without a sentence`)
}

// A program is refused in JSON, with a sentence all the same.
function assertRefusDeProgramme({ statusCode, headers, body }: LightMyRequestResponse, what: string): void {
  assert.match(String(headers['content-type']), /^application\/json/, `${what}: ${statusCode} without a page`)
  assert.match((JSON.parse(body) as { message: string }).message, /^[^<]{12,}[.!?]$/, `${what}: ${statusCode} without a sentence`)
  assert.doesNotMatch(body, INSIDE, what)
}
