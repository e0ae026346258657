import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { isUuid, newId } from '../ids.ts'
import type { Refusal } from '../refusal.ts'
import { keepAside } from './aside.ts'
import { sealer, unseal } from './chunks.ts'
import { fileRefusals } from './refusals.ts'

/** The points where the disk can fail: a test breaks each of them. */
export interface Disk {
  create(path: string): Promise<FileHandle>
  rename(from: string, to: string): Promise<void>
}

/** The disk of the machine. */
export const nodeDisk: Disk = { create: path => open(path, 'wx', 0o600), rename }

/** Where the bytes of a file lie, and the key that opens them. The key lives in memory until it is wrapped into a row. */
export interface StoredObject {
  readonly objectId: string
  readonly key: Buffer
}

/** The path of an object. Both ids are UUIDs that we made: no text of a person enters a path. */
export function objectPath(folder: string, collectiviteId: string, objectId: string): string {
  if (!isUuid(collectiviteId) || !isUuid(objectId)) throw new TypeError('a path of the store is made of UUIDs')
  return join(folder, collectiviteId, objectId)
}

/**
 * Writes bytes, encrypted under a fresh key, as a new object: temporary file, fsync, rename, fsync of the folder.
 * Whatever throws, the source or the disk, leaves nothing behind.
 */
export async function writeObject(
  disk: Disk,
  folder: string,
  collectiviteId: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<StoredObject> {
  const object = { objectId: newId(), key: randomBytes(32) }
  const path = objectPath(folder, collectiviteId, object.objectId)
  const partial = `${path}.partiel`
  await mkdir(join(folder, collectiviteId), { recursive: true, mode: 0o700 })
  try {
    const handle = await disk.create(partial)
    try {
      const seal = sealer(object.key)
      for await (const bytes of source) for (const chunk of seal.push(bytes)) await handle.writeFile(chunk)
      for (const chunk of seal.end()) await handle.writeFile(chunk)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await disk.rename(partial, path)
    await syncFolder(join(folder, collectiviteId))
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    await rm(path, { force: true }).catch(() => {})
    throw error
  }
  return object
}

/** The plain bytes of an object as a stream. The file is opened before this returns: a missing one is said now, not in the middle of an answer. */
export async function readObject(folder: string, collectiviteId: string, object: StoredObject): Promise<Readable> {
  const handle = await open(objectPath(folder, collectiviteId, object.objectId), 'r')
  const sealed = handle.createReadStream({ autoClose: false, highWaterMark: 131_072 })
  const stream = Readable.from(unseal(object.key, sealed), { objectMode: false, highWaterMark: 65_536 })
  // A stream that nobody reads never enters the generator: the handle is closed here, not there.
  stream.once('close', () => {
    sealed.destroy()
    handle.close().catch(() => {})
  })
  return stream
}

/** Removes the bytes of an object; one that is already gone is not an error. A backup that is reading keeps them until it ends. */
export async function removeObject(folder: string, collectiviteId: string, objectId: string): Promise<void> {
  const path = objectPath(folder, collectiviteId, objectId)
  await keepAside(folder, path, objectId)
  await rm(path, { force: true })
}

/** The refusal for an error of the disk, or undefined when the error is not the disk's. */
export function refusalOfDisk(error: unknown): Refusal | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return fileRefusals.fichier_stockage_plein
  const ofDisk = ['EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EMFILE', 'ENFILE', 'EFBIG', 'ESTALE'].includes(code ?? '')
  return ofDisk && syscall !== undefined ? fileRefusals.fichier_stockage_indisponible : undefined
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
