import { plain } from './pieces.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML forbids is what is looked for
const SPECIAL = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const EVERY_SPECIAL = new RegExp(SPECIAL, 'g')
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text that is the same within XML, that a workbook takes for nothing else (« _x000D_ » is a return), its spaces counted or not. */
export const PLAIN_XML = plain(/[^&<>"_]/)

export const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** Text within XML: what it forbids (control characters, lone surrogates) is left out. */
export const escapedXml = (text: string): string =>
  SPECIAL.test(text) || !text.isWellFormed() ? text.toWellFormed().replace(EVERY_SPECIAL, found => ESCAPES[found] ?? '') : text
