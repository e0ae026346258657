/**
 * A PDF with an empty signature field, ready for its signature: what goes before and after the bytes that are not covered.
 * The first bytes are those received, untouched: what follows is an incremental update (ISO 32000-1 §7.5.6), so tags and text stay as they were.
 */
export interface Unsigned {
  /** Everything the signature covers, in two parts. */
  readonly before: Buffer
  readonly after: Buffer
  /** Room for the signature, in bytes. */
  readonly room: number
}

interface SignatureWords {
  readonly name: string
  readonly reason: string
  readonly at: Date
  /** Room for the signature, in bytes. */
  readonly room: number
}

/**
 * Adds an invisible signature field to a PDF whose objects are in the clear with a classical cross-reference table, as Typst writes them.
 * PAdES (ETSI EN 319 142-1 §5.3): SubFilter ETSI.CAdES.detached, the time in /M. PDF/UA: the widget is hidden, which dispenses it from a place in the
 * structure (ISO 14289-1 §7.18.1), it has its words (/TU), and its page says the order of its annotations (/Tabs /S). Throws on another kind of PDF.
 */
export function addSignatureField(pdf: Uint8Array, { name, reason, at, room }: SignatureWords): Unsigned {
  const bytes = Buffer.from(pdf)
  const file = readFile(bytes)
  const root = file.object(file.root)
  const page = firstPage(file, refIn(root, 'Pages'))
  const [signature, field] = [file.size, file.size + 1]
  const words = `/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (${pdfDate(at)}) /Name ${pdfText(name)} /Reason ${pdfText(reason)}`
  const widget = `<< /Type /Annot /Subtype /Widget /FT /Sig /F 130 /Rect [0 0 0 0] /T (Cachet) /TU ${pdfText(reason)} /V ${signature} 0 R /P ${page} 0 R >>`
  // The byte range has a fixed width: it is written once its figures are known.
  const range = ' '.repeat(48)
  const objects: [number, string][] = [
    [field, widget],
    [page, withAnnotation(file.object(page), field)],
    [file.root, withEntry(root, `/AcroForm << /Fields [${field} 0 R] /SigFlags 3 >>`)],
    [signature, `<< ${words} /ByteRange ${range} /Contents <${'0'.repeat(room * 2)}> >>`],
  ]
  let update = '\n'
  const places = new Map<number, number>()
  for (const [number, body] of objects) {
    places.set(number, bytes.length + Buffer.byteLength(update, 'latin1'))
    update += `${number} 0 obj\n${body}\nendobj\n`
  }
  const table = bytes.length + Buffer.byteLength(update, 'latin1')
  update += `${crossReferences(places)}trailer\n<< /Size ${file.size + 2} /Root ${file.root} 0 R ${file.kept} /Prev ${file.table} >>\nstartxref\n${table}\n%%EOF\n`
  return cut(Buffer.concat([bytes, Buffer.from(update, 'latin1')]), range, room)
}

/** Puts a signature (DER) in its room. Throws when it does not fit. */
export function withSignature({ before, after, room }: Unsigned, signature: Buffer): Buffer {
  if (signature.length > room) throw new RangeError(`signature of ${signature.length} bytes, room for ${room}`)
  return Buffer.concat([before, Buffer.from(`<${signature.toString('hex').padEnd(room * 2, '0')}>`, 'latin1'), after])
}

function cut(whole: Buffer, range: string, room: number): Unsigned {
  const start = whole.lastIndexOf(`/Contents <${'0'.repeat(16)}`) + '/Contents '.length
  const end = start + room * 2 + 2
  const at = whole.lastIndexOf(`/ByteRange ${range}`) + '/ByteRange '.length
  whole.write(`[0 ${start} ${end} ${whole.length - end}]`.padEnd(range.length), at, 'latin1')
  return { before: whole.subarray(0, start), after: whole.subarray(end), room }
}

interface PdfFile {
  readonly root: number
  /** Number of the next object. */
  readonly size: number
  /** Where the cross-reference table is. */
  readonly table: number
  /** What the new trailer keeps: /Info and /ID. */
  readonly kept: string
  /** The dictionary of an object, as it is written. */
  object(number: number): string
}

function readFile(bytes: Buffer): PdfFile {
  const tail = bytes.toString('latin1', bytes.lastIndexOf('trailer'))
  const table = Number(/startxref\s+(\d+)/.exec(tail)?.[1])
  const found = /^xref\s+0\s+(\d+)\s*?\n/.exec(bytes.toString('latin1', table, table + 40))
  const size = Number(/\/Size\s+(\d+)/.exec(tail)?.[1])
  if (!found || !size) throw new Error('a PDF without a classical cross-reference table cannot be signed here')
  const first = table + found[0].length
  return {
    root: refIn(tail, 'Root'),
    size,
    table,
    kept: [/\/Info\s+\d+\s+\d+\s+R/, /\/ID\s*\[[^\]]*\]/].flatMap(entry => entry.exec(tail)?.[0] ?? []).join(' '),
    object(number) {
      const at = Number(bytes.toString('latin1', first + number * 20, first + number * 20 + 10))
      const body = bytes.toString('latin1', at, bytes.indexOf('endobj', at))
      return body.replace(/^\d+\s+\d+\s+obj/, '').trim()
    },
  }
}

function refIn(dictionary: string, name: string): number {
  const found = new RegExp(`/${name}\\s*\\[?\\s*(\\d+)\\s+\\d+\\s+R`).exec(dictionary)
  if (!found) throw new Error(`PDF: no /${name}`)
  return Number(found[1])
}

function firstPage(file: PdfFile, node: number): number {
  const dictionary = file.object(node)
  return /\/Kids/.test(dictionary) ? firstPage(file, refIn(dictionary, 'Kids')) : node
}

function withAnnotation(page: string, field: number): string {
  const tabbed = /\/Tabs\b/.test(page) ? page : withEntry(page, '/Tabs /S')
  return /\/Annots\s*\[/.test(tabbed)
    ? tabbed.replace(/\/Annots\s*\[/, `/Annots [${field} 0 R `)
    : withEntry(tabbed, `/Annots [${field} 0 R]`)
}

const withEntry = (dictionary: string, entry: string): string => dictionary.replace(/>>\s*$/, `${entry}\n>>`)

// One subsection an object: twenty bytes a line, to the byte (ISO 32000-1 §7.5.4).
const crossReferences = (places: ReadonlyMap<number, number>): string =>
  `xref\n${[...places]
    .sort(([a], [b]) => a - b)
    .map(([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`)
    .join('')}`

const pdfDate = (at: Date): string => `D:${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`

/** A text string in UTF-16BE, as hexadecimal: nothing in it is syntax. */
const pdfText = (text: string): string => `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`
