import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from './config.ts'

/** The installation's secrets, each used for one thing. */
export interface Secrets {
  /** Authenticates a short text: 32 characters that only this installation can make. */
  sign(purpose: string, text: string): string
  /** 32 bytes that depend on a text and on the installation: the present key's first, then the previous one's. */
  macs(purpose: string, text: string): Buffer[]
  /** Whether a signature is ours, in constant time, with the present key or the previous one. */
  isSigned(purpose: string, text: string, signature: string): boolean
  /** Seals a small secret for the database (AES-256-GCM). */
  seal(purpose: string, clear: Buffer): Buffer
  /** Opens what `seal` made; throws when it was altered. */
  unseal(purpose: string, sealed: Buffer): Buffer
}

/**
 * Reads `folder`/secrets/parvis.json, made at first start and readable by the service alone.
 * It holds one key or two: to rotate, put the new one first and keep the old one second for as long as old tokens live.
 */
export function openSecrets(folder: string): Secrets {
  const path = join(folder, 'secrets', 'parvis.json')
  if (!existsSync(path)) {
    mkdirSync(join(folder, 'secrets'), { recursive: true, mode: 0o700 })
    writeFileSync(`${path}.nouveau`, JSON.stringify({ cles: [randomBytes(32).toString('base64')] }), { mode: 0o600 })
    renameSync(`${path}.nouveau`, path)
  }
  let keys: Buffer[]
  try {
    keys = (JSON.parse(readFileSync(path, 'utf8')) as { cles: string[] }).cles.map(text => Buffer.from(text, 'base64'))
    if (keys.length === 0 || keys.some(key => key.length !== 32)) throw new Error('32 octets attendus')
  } catch (error) {
    throw new ConfigError(`Le fichier des secrets ${path} est illisible (${(error as Error).message}). Restaurez-le depuis une sauvegarde.`)
  }
  return secretsOf(keys)
}

/** Secrets over given keys of 32 bytes, the present one first. */
export function secretsOf(keys: readonly Buffer[]): Secrets {
  const derived = new Map<string, readonly KeyObject[]>()
  // As key objects: a buffer is made one at each use, six times the cost of the computation itself (13 µs against 2).
  const keysFor = (purpose: string): readonly KeyObject[] => {
    let found = derived.get(purpose)
    if (!found) {
      found = keys.map(key => createSecretKey(createHmac('sha256', key).update(`parvis:${purpose}`).digest()))
      derived.set(purpose, found)
    }
    return found
  }
  // What was just signed is often signed again: the seal of a colour, the token of visitors without a session within the same second.
  const lately = new Map<string, string>()
  const signWith = (key: KeyObject, text: string) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 32)
  return {
    sign(purpose, text) {
      const asked = `${purpose}|${text}`
      const known = lately.get(asked)
      if (known) return known
      const signature = signWith(keysFor(purpose)[0]!, text)
      if (lately.size >= 100) lately.clear()
      lately.set(asked, signature)
      return signature
    },
    macs: (purpose, text) => keysFor(purpose).map(key => createHmac('sha256', key).update(text).digest()),
    isSigned(purpose, text, signature) {
      const given = Buffer.from(signature)
      return keysFor(purpose).some(key => {
        const expected = Buffer.from(signWith(key, text))
        return expected.length === given.length && timingSafeEqual(expected, given)
      })
    },
    seal(purpose, clear) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keysFor(purpose)[0]!, nonce)
      return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()])
    },
    unseal(purpose, sealed) {
      for (const [index, key] of keysFor(purpose).entries()) {
        try {
          const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
          decipher.setAuthTag(sealed.subarray(-16))
          return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
        } catch (error) {
          if (index === keys.length - 1) throw error
        }
      }
      throw new Error('no key')
    },
  }
}
