import { type Kind, kinds } from './kinds.ts'
import { entriesOf, readEntry, type ZipEntry } from './zip.ts'

const notReadable = 'Ce document ne peut pas être lu. Ouvrez-le, enregistrez-le de nouveau ou exportez-le en PDF, puis renvoyez-le.'
const withMacros = 'Ce document contient des macros (petits programmes), qui ne sont pas acceptées. Exportez-le en PDF, puis renvoyez-le.'
const withPassword =
  'Ce document est protégé par un mot de passe. Enregistrez-le sans mot de passe ou exportez-le en PDF, puis renvoyez-le.'

// Unpacked, what an agent's machine would have to hold: 20 MB of zip can announce gigabytes.
const maxUnpackedBytes = 400 * 1024 * 1024
const maxIndexBytes = 1024 * 1024

/** Why bytes are not the office document that they say, as a sentence, or undefined when they are. Nothing is unpacked but the index, within a bound. */
export function faultOfOffice(bytes: Buffer, kind: Kind): string | undefined {
  const entries = entriesOf(bytes)
  if (!entries) return notReadable
  if (entries.some(entry => entry.isEncrypted)) return withPassword
  if (entries.some(entry => /(^|[/\\])\.\.([/\\]|$)|^[/\\]|\0/.test(entry.name))) return notReadable
  if (entries.reduce((sum, entry) => sum + entry.sizeBytes, 0) > maxUnpackedBytes) {
    return 'Ce document est beaucoup trop grand une fois ouvert. Exportez-le en PDF, puis renvoyez-le.'
  }
  return kind === 'odt' || kind === 'ods' ? faultOfOpenDocument(bytes, entries, kind) : faultOfOpenXml(bytes, entries, kind)
}

// OpenDocument 1.3 part 2 §3.3: the first entry is « mimetype », stored, without extra field.
function faultOfOpenDocument(bytes: Buffer, entries: ZipEntry[], kind: 'odt' | 'ods'): string | undefined {
  const mimetype = entries.find(entry => entry.offset === 0)
  const type = mimetype?.name === 'mimetype' ? readEntry(bytes, mimetype, 200)?.toString('latin1') : undefined
  const manifest = textOf(bytes, entries, 'META-INF/manifest.xml')
  if (type !== kinds[kind].type || !hasEntry(entries, 'content.xml') || manifest === undefined) return notReadable
  if (manifest.includes('encryption-data')) return withPassword
  // The macros of OpenDocument: the « Basic » libraries and the « Scripts » of other languages.
  if (entries.some(entry => /^(Basic|Scripts)\/./i.test(entry.name)) || /full-path="(Basic|Scripts)\//i.test(manifest)) return withMacros
  return undefined
}

// ECMA-376 part 2: the index is [Content_Types].xml. It is read because the macro part may bear any name: its declared type gives it away.
function faultOfOpenXml(bytes: Buffer, entries: ZipEntry[], kind: Kind): string | undefined {
  const index = textOf(bytes, entries, '[Content_Types].xml')
  const [main, declared] =
    kind === 'docx' ? ['word/document.xml', 'wordprocessingml.document.main+xml'] : ['xl/workbook.xml', 'spreadsheetml.sheet.main+xml']
  if (entries.some(entry => /vbaProject|vbaData/i.test(entry.name)) || /macroEnabled|vbaProject/i.test(index ?? '')) return withMacros
  if (!index?.includes(declared) || !hasEntry(entries, main)) return notReadable
  return undefined
}

const hasEntry = (entries: ZipEntry[], name: string): boolean => entries.some(entry => entry.name === name)

function textOf(bytes: Buffer, entries: ZipEntry[], name: string): string | undefined {
  // Two entries of one name: readers disagree on which counts.
  const [entry, second] = entries.filter(candidate => candidate.name.toLowerCase() === name.toLowerCase())
  return entry && !second ? readEntry(bytes, entry, maxIndexBytes)?.toString('utf8') : undefined
}
