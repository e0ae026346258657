import type { Readable } from 'node:stream'
import { archive, one, type Packed } from './archive.ts'
import { fixed, inPieces } from './pieces.ts'
import { type Kind, kindOf, type Sheet } from './table.ts'
import { escapedXml, PLAIN_XML, XML } from './xml.ts'

/** The most rows of a sheet, and characters of a cell, that spreadsheets open (Excel specifications and limits). */
export const MAX_ROWS = 1_048_576
export const MAX_TEXT = 32_767

// Ranks in cellXfs below. Texts have the format « text » (@): opened and edited, « =1+1 » stays what was written.
const STYLES: Readonly<Record<Kind | 'head', number>> = { number: 0, text: 1, amount: 2, day: 3, instant: 4, head: 5 }

/**
 * Sheets as a workbook (ECMA-376, SpreadsheetML), streamed: rows are written as they come, texts in place rather than in a shared table that would have to be
 * whole. Written here: six small files make a workbook of plain cells (63,000 rows of 20 cells a second; 18,000 by a streaming library).
 * Dates are dates and numbers numbers; a text is never a formula, and stays exactly as it was but for what XML forbids.
 */
export function xlsx(sheets: readonly Sheet[], at: Date): Readable {
  const text = (path: string, content: string): Packed => ({ path, at, bytes: () => one(Buffer.from(content)) })
  return archive([
    text('[Content_Types].xml', contentTypes(sheets.length)),
    text('_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']])),
    text('xl/workbook.xml', workbook(sheets.map(({ name }) => name))),
    text(
      'xl/_rels/workbook.xml.rels',
      relations([...sheets.map((_, rank) => ['worksheet', `worksheets/sheet${rank + 1}.xml`] as const), ['styles', 'styles.xml']]),
    ),
    text('xl/styles.xml', STYLE_SHEET),
    ...sheets.map((sheet, rank): Packed => ({ path: `xl/worksheets/sheet${rank + 1}.xml`, at, bytes: () => worksheet(sheet) })),
  ])
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

async function* worksheet({ columns, rows }: Sheet): AsyncGenerator<Buffer> {
  const letters = columns.map((_, rank) => lettersOf(rank))
  const widths = columns.map(({ kind, title }, rank) => {
    const width = kind === 'text' ? Math.min(40, Math.max(14, title.length + 2)) : 18
    return `<col min="${rank + 1}" max="${rank + 1}" width="${width}" customWidth="1"/>`
  })
  const head = columns.map(({ title }, rank) => `<c r="${letters[rank]}1${inline(title, STYLES.head)}`).join('')
  yield Buffer.from(
    `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${head}</row>`,
  )
  const opened = letters.map(one => fixed(`<c r="${one}`))
  let row = 1
  yield* inPieces(rows, (cells, out) => {
    const number = fixed(String(++row))
    out.fixed(ROW)
    out.fixed(number)
    out.fixed(ROW_OPEN)
    for (let rank = 0; rank < cells.length; rank++) {
      const cell = cells[rank]!
      if (cell === null || cell === '') continue
      out.fixed(opened[rank]!)
      out.fixed(number)
      const kind = kindOf(cell, columns[rank]!)
      if (kind !== 'text' && !(typeof cell === 'string' && cell < FIRST_DAY)) {
        out.fixed(VALUE[kind])
        out.text(typeof cell === 'string' ? serial(cell) : String(cell))
        out.fixed(VALUE_END)
      } else {
        const text = String(cell)
        if (text.length > MAX_TEXT || !out.plain(text, PLAIN_XML, TEXT, TEXT_END)) out.text(inline(text, STYLES.text))
      }
    }
    out.fixed(ROW_END)
  })
  yield Buffer.from('</sheetData></worksheet>')
}

const ROW = fixed('<row r="')
const ROW_OPEN = fixed('">')
const ROW_END = fixed('</row>')
const TEXT = fixed(`" s="${STYLES.text}" t="inlineStr"><is><t>`)
const TEXT_END = fixed('</t></is></c>')

const value = (kind: Kind) => fixed(`" s="${STYLES[kind]}"><v>`)
const VALUE: Readonly<Record<Kind, Uint8Array>> = {
  number: value('number'),
  text: value('text'),
  amount: value('amount'),
  day: value('day'),
  instant: value('instant'),
}
const VALUE_END = fixed('</v></c>')

const inline = (text: string, style: number): string => {
  const spaces = SPACES_AROUND.test(text) ? ' xml:space="preserve"' : ''
  const content = escaped(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text)
  return `" s="${style}" t="inlineStr"><is><t${spaces}>${content}</t></is></c>`
}

// What a reader would drop or gather unless told (XML 1.0, §2.10).
const SPACES_AROUND = /^\s|\s$|\s\s|[\n\r\t]/

// Before, spreadsheets have no dates or count them one day apart (they have a 29 February 1900): such a day is a text.
const FIRST_DAY = '1900-03-01'

// Days since 30 December 1899, whatever the place: the text is read as if it were in UTC (ECMA-376 part 1, §18.17.4.1).
const EPOCH_MS = Date.UTC(1899, 11, 30)
function serial(text: string): string {
  const day = (Date.UTC(figures(text, 0, 4), figures(text, 5, 7) - 1, figures(text, 8, 10)) - EPOCH_MS) / 86_400_000
  return text.length > 10 ? day + PARTS[figures(text, 11, 13) * 60 + figures(text, 14, 16)]! : String(day)
}

// Each minute as a part of a day, in the fifteen figures that spreadsheets keep.
const PARTS = Array.from({ length: 1440 }, (_, minute) => (minute === 0 ? '' : (minute / 1440).toFixed(10).slice(1)))

function figures(text: string, from: number, to: number): number {
  let number = 0
  for (let rank = from; rank < to; rank++) number = 10 * number + text.charCodeAt(rank) - 48
  return number
}

/** Text within XML, where a return stays one (ECMA-376 part 1, §22.4.2.4). */
const escaped = (text: string): string =>
  escapedXml(
    text.includes('\r') || text.includes('_x') ? text.replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_').replaceAll('\r', '_x000D_') : text,
  )

/** A, B … Z, AA … */
function lettersOf(rank: number): string {
  const last = String.fromCharCode(65 + (rank % 26))
  return rank < 26 ? last : lettersOf(Math.floor(rank / 26) - 1) + last
}

const relations = (list: readonly (readonly [type: string, target: string])[]): string =>
  `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
    .map(([type, target], rank) => `<Relationship Id="r${rank + 1}" Type="${DOCUMENT}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`

const workbook = (names: readonly string[]): string =>
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets>${names
    .map((name, rank) => `<sheet name="${escaped(sheetName(name, rank))}" sheetId="${rank + 1}" r:id="r${rank + 1}"/>`)
    .join('')}</sheets></workbook>`

/** A name of sheet that every spreadsheet takes: 31 characters at most, none of \ / ? * [ ] :, no apostrophe at the ends. */
export const sheetName = (name: string, rank: number): string =>
  name
    .replace(/[\\/?*[\]:]/g, ' ')
    .slice(0, 28)
    .replace(/^['\s]+|['\s]+$/g, '') || `Feuille ${rank + 1}`

const contentTypes = (count: number): string => {
  const base = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const sheets = Array.from(
    { length: count },
    (_, rank) => `<Override PartName="/xl/worksheets/sheet${rank + 1}.xml" ContentType="${base}.worksheet+xml"/>`,
  )
  return `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${base}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${base}.styles+xml"/>${sheets.join('')}</Types>`
}

const xf = (format: number, font = 0) =>
  `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0"${format ? ' applyNumberFormat="1"' : ''}${font ? ' applyFont="1"' : ''}/>`
// 49 is « @ », 4 « # ##0,00 », 14 the short date of whoever opens it.
const STYLE_SHEET = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">${xf(0)}${xf(49)}${xf(4)}${xf(14)}${xf(164)}${xf(49, 1)}</cellXfs></styleSheet>`
