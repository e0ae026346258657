/**
 * The allow-list: what a person may join, and what the first bytes must then be.
 */
export type Kind = 'pdf' | 'jpeg' | 'png' | 'webp' | 'heic' | 'odt' | 'ods' | 'docx' | 'xlsx' | 'csv' | 'txt'

export interface KindRule {
  /** The media type under which the file is kept and served. */
  readonly type: string
  /** Extensions that announce this kind, lower case, the usual one first. */
  readonly extensions: readonly string[]
  /** What file-type says of the first bytes; empty for text, which has no magic. */
  readonly magic: readonly string[]
  readonly family: 'pdf' | 'image' | 'office' | 'text'
}

// An office file may be announced as a bare « zip »: its tell-tale entry can lie after the first bytes. The parse decides, on the whole file.
export const kinds: { readonly [K in Kind]: KindRule } = {
  pdf: { type: 'application/pdf', extensions: ['pdf'], magic: ['pdf'], family: 'pdf' },
  jpeg: { type: 'image/jpeg', extensions: ['jpg', 'jpeg', 'jpe', 'jfif'], magic: ['jpg'], family: 'image' },
  png: { type: 'image/png', extensions: ['png'], magic: ['png', 'apng'], family: 'image' },
  webp: { type: 'image/webp', extensions: ['webp'], magic: ['webp'], family: 'image' },
  // The photographs of an iPhone; kept as JPEG once made anew.
  heic: { type: 'image/heic', extensions: ['heic', 'heif'], magic: ['heic'], family: 'image' },
  odt: { type: 'application/vnd.oasis.opendocument.text', extensions: ['odt'], magic: ['odt'], family: 'office' },
  ods: { type: 'application/vnd.oasis.opendocument.spreadsheet', extensions: ['ods'], magic: ['ods'], family: 'office' },
  docx: {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extensions: ['docx'],
    magic: ['docx', 'zip'],
    family: 'office',
  },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    extensions: ['xlsx'],
    magic: ['xlsx', 'zip'],
    family: 'office',
  },
  csv: { type: 'text/csv', extensions: ['csv'], magic: [], family: 'text' },
  txt: { type: 'text/plain', extensions: ['txt'], magic: [], family: 'text' },
}

const entries = Object.entries(kinds) as [Kind, KindRule][]

/** The list shown beside a file field and in the refusal. */
export const acceptedTypesSentence =
  'Types acceptés\u00a0: PDF, photo JPEG, PNG, WebP ou HEIC, document ODT, ODS, DOCX ou XLSX, texte CSV ou TXT.'

/** The value of the `accept` attribute of a file field. */
export const acceptAttribute = entries.flatMap(([, rule]) => rule.extensions.map(extension => `.${extension}`)).join(',')

/** The kind that an extension announces (lower case, no dot), or undefined when it is not accepted. */
export const kindOfExtension = (extension: string): Kind | undefined => entries.find(([, rule]) => rule.extensions.includes(extension))?.[0]

/** The kind that a detected format is, when it identifies one by itself (« zip » identifies none). */
export const kindOfMagic = (magic: string): Kind | undefined =>
  magic === 'zip' ? undefined : entries.find(([, rule]) => rule.magic.includes(magic))?.[0]

/** The kind of a stored media type. */
export const kindOfType = (type: string): Kind | undefined => entries.find(([, rule]) => rule.type === type)?.[0]
