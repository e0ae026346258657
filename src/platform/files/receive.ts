import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { ok, type Refusal, type Result, refuse } from '../refusal.ts'
import { chunkBytes } from './chunks.ts'
import { refusalOfDisk, type StoredObject, writeObject } from './disk.ts'
import { type Kind, kindOfExtension, kindOfMagic, kinds } from './kinds.ts'
import { cleanFileName, extensionOf, withExtension } from './name.ts'
import { extensionDisagrees, fileRefusals, tooLarge } from './refusals.ts'
import type { FileStore } from './store.ts'
import { looksLikeMarkup } from './text.ts'

/** A file on disk that no row knows yet. Its key is in memory only: unless recordFile writes it, nobody can ever read the bytes. */
export interface ReceivedFile extends StoredObject {
  readonly collectiviteId: string
  readonly name: string
  readonly type: string
  readonly sizeBytes: number
  /** Of the plain bytes, as the person sent them. */
  readonly sha256: Buffer
}

// Carries an expected refusal out of the copy, so that writeObject clears the disk as for any failure.
class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/**
 * Takes a file as it arrives: type by its first bytes and its name, size, digest, encryption, disk; memory does not grow with the file.
 * No database. Refusals are values: fichier_vide, fichier_trop_lourd (413), fichier_type, fichier_ancien_office (415), fichier_extension,
 * fichier_interrompu, fichier_stockage_plein (507), fichier_stockage_indisponible (503). After a refusal the rest of the stream is let go,
 * so that the other fields of the form still arrive. The form parser's own limit must be above `maxBytes`, or it would cut the file first.
 */
export async function receiveFile(
  store: FileStore,
  stream: Readable,
  { collectiviteId, name }: { readonly collectiviteId: string; readonly name: string },
): Promise<Result<ReceivedFile>> {
  const seen: Seen = { name: cleanFileName(name), kind: 'txt', sizeBytes: 0, hash: createHash('sha256') }
  try {
    const object = await writeObject(store.disk, store.folder, collectiviteId, checked(store, stream, seen))
    const { sizeBytes } = seen
    return ok({ ...object, collectiviteId, name: seen.name, type: kinds[seen.kind].type, sizeBytes, sha256: seen.hash.digest() })
  } catch (error) {
    stream.on('error', () => {}).resume()
    if (error instanceof Refused) return refuse(error.refusal)
    if (stream.errored || (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE')
      return refuse(fileRefusals.fichier_interrompu)
    const ofDisk = refusalOfDisk(error)
    if (ofDisk) return refuse(ofDisk)
    throw error
  }
}

interface Seen {
  name: string
  kind: Kind
  sizeBytes: number
  readonly hash: ReturnType<typeof createHash>
}

// Lets the bytes through, and throws Refused at the first that decides.
async function* checked(store: FileStore, stream: Readable, seen: Seen): AsyncGenerator<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const bytes of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    seen.sizeBytes += bytes.length
    if (seen.sizeBytes > store.maxBytes) throw new Refused(tooLarge(store.maxBytes))
    seen.hash.update(bytes)
    if (!head) yield bytes
    else {
      head = Buffer.concat([head, bytes])
      if (head.length < chunkBytes) continue
      await identify(head, seen)
      yield head
      head = undefined
    }
  }
  // A form parser that cut the file at its own limit says so here; a cut file must not pass for a whole one.
  if ('truncated' in stream && stream.truncated === true) throw new Refused(tooLarge(store.maxBytes))
  if (!stream.readableEnded) throw new Refused(fileRefusals.fichier_interrompu)
  if (seen.sizeBytes === 0) throw new Refused(fileRefusals.fichier_vide)
  if (head) {
    await identify(head, seen)
    yield head
  }
}

// Name and first bytes must agree. A name without extension, as some telephones give, takes that of its content.
async function identify(head: Buffer, seen: Seen): Promise<void> {
  const extension = extensionOf(seen.name)
  // Loaded by the first file received.
  const { fileTypeFromBuffer } = await import('file-type')
  const magic = (await fileTypeFromBuffer(head))?.ext
  // Some telephones and messengers name « photo.jpg » what is still HEIC: it is made a JPEG anyway.
  const isDisguised = magic === 'heic' && kinds[kindOfExtension(extension) ?? 'txt'].family === 'image'
  const announced = isDisguised ? 'heic' : kindOfExtension(extension)
  if (magic === 'cfb' && (announced || /^(doc|xls|ppt)$/.test(extension))) throw new Refused(fileRefusals.fichier_ancien_office)
  if (extension && !announced) throw new Refused(fileRefusals.fichier_type)
  const found = magic ? kindOfMagic(magic) : undefined
  const kind = announced ?? found
  if (!kind) throw new Refused(fileRefusals.fichier_type)
  if (!agrees(kind, magic, head))
    throw new Refused(extensionDisagrees(extension, found ? kinds[found].extensions[0]?.toUpperCase() : undefined))
  seen.kind = kind
  if (!extension) seen.name = withExtension(seen.name, kinds[kind].extensions[0] ?? kind)
}

function agrees(kind: Kind, magic: string | undefined, head: Buffer): boolean {
  const rule = kinds[kind]
  if (rule.family !== 'text') return magic !== undefined && rule.magic.includes(magic)
  // Text has no magic, and some magics are two plain letters (« BM » is a bitmap): a text is what has no NUL and is no document that a program would interpret.
  return !head.includes(0) && !['pdf', 'ps', 'eps', 'rtf', 'xml'].includes(magic ?? '') && !looksLikeMarkup(head)
}
