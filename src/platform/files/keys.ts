import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../config.ts'

/** One version of the master key. */
export interface MasterKey {
  readonly id: string
  readonly key: Buffer
}

/** The versions in force: the first wraps, both unwrap, so that a rotation needs no stop. */
export type MasterKeys = readonly [current: MasterKey, previous?: MasterKey]

const linePattern = /^([A-Za-z0-9_-]{1,32}) ([A-Za-z0-9+/]{43}=)$/

/**
 * Reads the master key file: one `identifier base64(32 bytes)` a line, the current version first, two at most. It must be readable by the service alone (0600).
 * When it does not exist and `mayCreate`, a random one is made. Throws, in French for the person who starts the program, on anything else.
 */
export async function readMasterKeys(path: string, mayCreate: boolean): Promise<MasterKeys> {
  const text = (await readPrivately(path)) ?? (mayCreate ? await createMasterKey(path) : undefined)
  if (text === undefined) {
    throw new ConfigError(
      `La clé maîtresse des documents (${path}) est absente alors que des documents chiffrés existent\u00a0: restaurez-la depuis la sauvegarde, sans elle ils sont illisibles.`,
    )
  }
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'))
  const keys = lines.map(line => {
    const [, id, base64] = linePattern.exec(line.trim()) ?? []
    if (!id || !base64) throw new ConfigError(`La clé maîtresse des documents (${path}) contient une ligne illisible.`)
    return { id, key: Buffer.from(base64, 'base64') }
  })
  const [current, previous] = keys
  if (!current || keys.length > 2 || current.id === previous?.id) {
    throw new ConfigError(
      `La clé maîtresse des documents (${path}) doit contenir une ou deux versions, d’identifiants différents, la plus récente d’abord.`,
    )
  }
  return previous ? [current, previous] : [current]
}

async function readPrivately(path: string): Promise<string | undefined> {
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(path, constants.O_RDONLY)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { mode } = await handle.stat()
    // Windows has no such bits: every file there says 0666.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new ConfigError(`La clé maîtresse des documents (${path}) est lisible par d’autres que le service\u00a0: chmod 600.`)
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

async function createMasterKey(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`v1 ${randomBytes(32).toString('base64')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    // link, not rename: of two programs starting at once, one wins and the other reads the winner's key.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  return (await readPrivately(path)) ?? ''
}

/** Seals a key of 32 bytes under another: nonce (12), body (32), tag (16). `context` binds it to its place: a wrapped key moved to another row does not open. */
export function wrapKey(under: Buffer, key: Buffer, context: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', under, nonce)
  cipher.setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()])
}

/** Opens what wrapKey made. Throws when the wrapping key or the context is another. */
export function unwrapKey(under: Buffer, wrapped: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', under, wrapped.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(wrapped.subarray(44))
  return Buffer.concat([decipher.update(wrapped.subarray(12, 44)), decipher.final()])
}
