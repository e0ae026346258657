// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML forbids is what is looked for
const SPECIAL = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const EVERY_SPECIAL = new RegExp(SPECIAL, 'g')
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

// Words with one space between them, and nothing that XML, a workbook or a reader of either takes for something else: seen at once, and left as it is.
const PLAIN = /^[!#-%'-;=?-^`-~\u00a1-\ud7ff]+(?: [!#-%'-;=?-^`-~\u00a1-\ud7ff]+)*$/

/** Whether a text is the same within XML, its spaces counted or not. */
export const isPlainXml = (text: string): boolean => PLAIN.test(text)

export const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** Text within XML: what it forbids (control characters, lone surrogates) is left out. */
export const escapedXml = (text: string): string =>
  SPECIAL.test(text) || !text.isWellFormed() ? text.toWellFormed().replace(EVERY_SPECIAL, found => ESCAPES[found] ?? '') : text
