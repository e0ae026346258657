import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoredFileAltered, sealer, unseal } from '../files/chunks.ts'
import { BackupError, saidOfDisk } from './error.ts'
import { type Lock, lockKey, type Opener, unlockKey, type WrappedKey } from './locks.ts'

/** The first line of a backup, then one line of JSON: how its key is kept. What follows is sealed as files are at rest (files/chunks.ts). */
const MARK = 'PARVIS-SAUVEGARDE 1\n'
const LONGEST_HEADER = 4096

/**
 * Writes bytes into a new sealed file: beside it first, under its name once whole and on the disk. Refuses a name already taken, a full disk.
 * Whatever throws, nothing is left behind. Gives its size in bytes.
 */
export async function writeSealed(path: string, lock: Lock, source: AsyncIterable<Buffer>): Promise<number> {
  if (existsSync(path))
    throw new BackupError(`${path} existe déjà. Choisissez un autre nom : une sauvegarde n’en remplace jamais une autre.`)
  const partial = `${path}.partiel`
  const key = randomBytes(32)
  const header = Buffer.from(`${MARK}${JSON.stringify(lockKey(lock, key))}\n`)
  try {
    const handle = await open(partial, 'w', 0o600)
    let sizeBytes = 0
    const write = async (bytes: Uint8Array) => {
      await handle.writeFile(bytes)
      sizeBytes += bytes.length
    }
    try {
      await write(header)
      const seal = sealer(key)
      for await (const bytes of source) for (const chunk of seal.push(bytes)) await write(chunk)
      for (const chunk of seal.end()) await write(chunk)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, path)
    await syncFolder(dirname(path))
    return sizeBytes
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    throw saidOfDisk(error, path)
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

/** The bytes of a sealed file, each verified before it is given. Throws BackupError: absent, not a backup, another phrase, altered, cut. */
export async function* readSealed(path: string, opener: Opener): AsyncGenerator<Buffer> {
  const { wrapped, length } = await readHeader(path)
  const key = unlockKey(opener, wrapped)
  try {
    yield* unseal(key, createReadStream(path, { start: length, highWaterMark: 131_072 }))
  } catch (error) {
    if (!(error instanceof StoredFileAltered)) throw error
    throw new BackupError('Cette sauvegarde est abîmée : elle est coupée, ou un octet a changé. Prenez-en une autre.', { cause: error })
  }
}

async function readHeader(path: string): Promise<{ wrapped: WrappedKey; length: number }> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new BackupError(`Le fichier ${path} ne se lit pas (${error.code}).`)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST_HEADER), 0, LONGEST_HEADER, 0)
    const text = buffer.toString('latin1', 0, bytesRead)
    const end = text.indexOf('\n', MARK.length)
    if (!text.startsWith(MARK) || end < 0) {
      throw new BackupError(
        text.startsWith('PARVIS-SAUVEGARDE ') && !text.startsWith(MARK)
          ? 'Cette sauvegarde vient d’une version plus récente de Parvis. Installez cette version pour la lire.'
          : `${path} n’est pas une sauvegarde faite par « bin/parvis sauvegarde faire ».`,
      )
    }
    try {
      const wrapped = JSON.parse(text.slice(MARK.length, end)) as WrappedKey
      if (wrapped.par !== 'phrase' && wrapped.par !== 'x25519') throw new Error('unknown lock')
      return { wrapped, length: end + 1 }
    } catch {
      throw new BackupError('Cette sauvegarde est abîmée : son début ne se lit pas. Prenez-en une autre.')
    }
  } finally {
    await handle.close()
  }
}
