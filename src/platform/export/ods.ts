import type { Readable } from 'node:stream'
import { archive, one, type Packed } from './archive.ts'
import { fixed, inPieces } from './pieces.ts'
import { type Column, type Kind, kindOf, type Sheet } from './table.ts'
import { MAX_TEXT, sheetName } from './xlsx.ts'
import { escapedXml, PLAIN_XML, XML } from './xml.ts'

export const ODS_TYPE = 'application/vnd.oasis.opendocument.spreadsheet'

/**
 * Sheets as an OpenDocument workbook (ISO/IEC 26300-3, OpenDocument 1.3), streamed like `xlsx`: the format of the State's référentiel général
 * d'interopérabilité. `mimetype` comes first, stored and with nothing around it (part 2, §3.3): that is how a reader knows the file. Dates are dates and
 * numbers numbers; a text is never a formula.
 */
export function ods(sheets: readonly Sheet[], at: Date): Readable {
  const text = (path: string, content: string): Packed => ({ path, at, bytes: () => one(Buffer.from(content)) })
  return archive([
    { path: 'mimetype', at, verbatim: Buffer.from(ODS_TYPE) },
    text('META-INF/manifest.xml', MANIFEST),
    text('styles.xml', `${XML}<office:document-styles ${NAMESPACES} office:version="1.3"><office:styles/></office:document-styles>`),
    { path: 'content.xml', at, bytes: () => content(sheets) },
  ])
}

const URN = 'urn:oasis:names:tc:opendocument:xmlns'
const NAMESPACES = ['office', 'table', 'text', 'style', 'datastyle']
  .map(name => (name === 'datastyle' ? `xmlns:number="${URN}:datastyle:1.0"` : `xmlns:${name}="${URN}:${name}:1.0"`))
  .concat(`xmlns:fo="${URN}:xsl-fo-compatible:1.0"`)
  .join(' ')

const MANIFEST = `${XML}<manifest:manifest xmlns:manifest="${URN}:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${ODS_TYPE}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>`

const part = (name: string, more = '') => `<number:${name}${more}/>`
const long = ' number:style="long"'
const day = `${part('day', long)}<number:text>/</number:text>${part('month', long)}<number:text>/</number:text>${part('year', long)}`
const hour = `<number:text> </number:text>${part('hours', long)}<number:text>:</number:text>${part('minutes', long)}`
const cellStyle = (name: string, data?: string, bold = false) =>
  `<style:style style:name="${name}" style:family="table-cell"${data ? ` style:data-style-name="${data}"` : ''}>${bold ? '<style:text-properties fo:font-weight="bold"/>' : ''}</style:style>`
// « @ »: opened and edited, « =1+1 » stays what was written.
const STYLES = `<office:automatic-styles><style:style style:name="large" style:family="table-column"><style:table-column-properties style:column-width="4.5cm"/></style:style><number:text-style style:name="N1"><number:text-content/></number:text-style><number:number-style style:name="N2"><number:number number:decimal-places="2" number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:number-style><number:date-style style:name="N3">${day}</number:date-style><number:date-style style:name="N4">${day}${hour}</number:date-style>${cellStyle('number')}${cellStyle('text', 'N1')}${cellStyle('amount', 'N2')}${cellStyle('day', 'N3')}${cellStyle('instant', 'N4')}${cellStyle('head', 'N1', true)}</office:automatic-styles>`

async function* content(sheets: readonly Sheet[]): AsyncGenerator<Buffer> {
  yield Buffer.from(`${XML}<office:document-content ${NAMESPACES} office:version="1.3">${STYLES}<office:body><office:spreadsheet>`)
  for (const [rank, sheet] of sheets.entries()) yield* table(sheet, rank)
  yield Buffer.from('</office:spreadsheet></office:body></office:document-content>')
}

async function* table({ name, columns, rows }: Sheet, rank: number): AsyncGenerator<Buffer> {
  const head = columns.map(({ title }) => texte(title, ' table:style-name="head"')).join('')
  yield Buffer.from(
    `<table:table table:name="${escapedXml(sheetName(name, rank))}">${columns.map(colonne).join('')}<table:table-header-rows><table:table-row>${head}</table:table-row></table:table-header-rows>`,
  )
  yield* inPieces(rows, (cells, out) => {
    out.fixed(ROW)
    for (let rank = 0; rank < cells.length; rank++) {
      const cell = cells[rank]!
      const column = columns[rank]!
      if (cell === null || cell === '') {
        out.fixed(EMPTY)
        continue
      }
      const kind = kindOf(cell, column)
      const text = String(cell)
      if (kind !== column.kind) out.text(written(text, kind))
      else if (kind !== 'text') {
        out.fixed(VALUE[kind])
        out.text(text)
        out.fixed(kind === 'instant' ? INSTANT_END : VALUE_END)
      } else if (text.length > MAX_TEXT || !out.plain(text, PLAIN_XML, TEXT, TEXT_END)) out.text(texte(text, ''))
    }
    out.fixed(ROW_END)
  })
  yield Buffer.from('</table:table>')
}

// The style of its cells, unless one says another: repeated in each, it was a quarter of what is compressed.
const colonne = ({ kind }: Column): string => `<table:table-column table:style-name="large" table:default-cell-style-name="${kind}"/>`

const ROW = fixed('<table:table-row>')
const ROW_END = fixed('</table:table-row>')
const EMPTY = fixed('<table:table-cell/>')
const TEXT = fixed('<table:table-cell office:value-type="string"><text:p>')
const TEXT_END = fixed('</text:p></table:table-cell>')

const FLOAT = fixed('<table:table-cell office:value-type="float" office:value="')
const DATE = fixed('<table:table-cell office:value-type="date" office:date-value="')
const VALUE: Readonly<Record<Exclude<Kind, 'text'>, Uint8Array>> = { number: FLOAT, amount: FLOAT, day: DATE, instant: DATE }
const VALUE_END = fixed('"/>')
const INSTANT_END = fixed(':00"/>')

/** A cell that is not of the kind of its column: a number or a text. */
const written = (text: string, kind: Kind): string =>
  kind === 'text'
    ? texte(text, ' table:style-name="text"')
    : `<table:table-cell table:style-name="${kind}" office:value-type="float" office:value="${text}"/>`

// A line of the text is a paragraph of the cell; spaces that a reader of XML would drop are counted (OpenDocument part 3, §6.1.2).
function texte(text: string, style: string): string {
  const whole = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text
  const paragraphs =
    whole.includes('\n') || whole.includes('\r')
      ? whole
          .split(/\r\n|\r|\n/)
          .map(paragraphe)
          .join('')
      : paragraphe(whole)
  return `<table:table-cell${style} office:value-type="string">${paragraphs}</table:table-cell>`
}

const paragraphe = (line: string): string =>
  `<text:p>${escapedXml(line)
    .replace(/\t/g, '<text:tab/>')
    .replace(/^ +| +$| {2,}/g, spaces)}</text:p>`

const spaces = (run: string) => `<text:s text:c="${run.length}"/>`
