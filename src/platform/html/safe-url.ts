const allowedSchemes = new Set(['http', 'https', 'mailto', 'tel'])

/**
 * The address itself when it can only lead to a page, a message or a call: http(s), mailto, tel, relative, or `#anchor`. Otherwise `#`.
 *
 * The renderer escapes attributes but lets `javascript:` through, and browsers forget tabs, line feeds and leading control
 * characters when they look for the scheme (WHATWG URL §4.4): they are removed before looking. Scheme-relative addresses (`//host`,
 * and `/\host`, which browsers read alike) lead elsewhere under a relative look: refused, a foreign site is written with its scheme.
 */
export function safeUrl(href: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is hunted
  const seen = href.replace(/[\u0000-\u0020\u007f-\u009f\u00a0\u1680\u2000-\u200f\u2028-\u202f\ufeff]/g, '')
  if (/^[/\\]{2}/.test(seen)) return '#'
  const scheme = /^([^/?#]*?):/.exec(seen)?.[1]
  if (scheme !== undefined && !allowedSchemes.has(scheme.toLowerCase())) return '#'
  return href
}
