import { fixed, inPieces, plain } from './pieces.ts'
import type { Column, Sheet } from './table.ts'
import { INSTANT } from './table.ts'

/** `;` with a decimal comma, as spreadsheets set to French expect; `,` with a decimal point, for the others. */
export type Separator = ';' | ','

/**
 * A sheet as CSV (RFC 4180: quotes doubled, CRLF), UTF-8 with its mark, without which Excel reads accents wrong. Days are `2026-11-21` and instants
 * `2026-11-21 10:30`: every spreadsheet takes them for dates, whatever its language, and as texts they are in order.
 */
export async function* csv({ columns, rows }: Sheet, separator: Separator = ';'): AsyncGenerator<Buffer> {
  const head = columns.map(({ title }) => quoted(disarmed(title), separator)).join(separator)
  yield Buffer.from(`\ufeff${head}\r\n`)
  const [first, next, end] = [fixed(''), fixed(separator), fixed('\r\n')]
  yield* inPieces(rows, (cells, out) => {
    for (let rank = 0; rank < cells.length; rank++) {
      const cell = cells[rank]!
      const before = rank === 0 ? first : next
      if (typeof cell === 'string' && out.plain(cell, PLAIN, before, first)) continue
      out.fixed(before)
      if (cell !== null) out.text(field(cell, columns[rank]!, separator))
    }
    out.fixed(end)
  })
}

// Almost every text, seen at once: it begins with a letter or a figure, and holds nothing to quote. Instants are looked at.
const PLAIN = plain(/[0-9A-Za-z]/, /[^",;:]/)

function field(cell: string | number, { kind }: Column, separator: Separator): string {
  if (typeof cell === 'string') {
    if (kind === 'instant' && INSTANT.test(cell)) return cell.replace('T', ' ')
    return quoted(disarmed(cell), separator)
  }
  const figures = kind === 'amount' ? cell.toFixed(2) : plainNumber(cell)
  return separator === ';' ? figures.replace('.', ',') : figures
}

// Never an exponent: « 1e+21 » is read as a text, or as another number.
const plainNumber = (number: number): string => {
  const text = String(number)
  return text.includes('e') ? number.toFixed(12).replace(/\.?0+$/, '') : text
}

/**
 * A text that no spreadsheet takes for a formula (OWASP, CSV injection): one that begins with = + - @, a tab, a carriage return or their full-width twins gets
 * an apostrophe before it. Left as they are: a sign followed by figures, spaces, points and hyphens only (a telephone number, « -3 »): it can call nothing.
 */
export const disarmed = (text: string): string =>
  /^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) && !/^[+-]?\d[\d .\u00a0\u202f-]*$/.test(text)
    ? `'${text}`
    : text

function quoted(text: string, separator: Separator): string {
  if (!/["\r\n;,\t]/.test(text) && !text.startsWith(' ') && !text.endsWith(' ') && !text.includes(separator)) return text
  return `"${text.replaceAll('"', '""')}"`
}
