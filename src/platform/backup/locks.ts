import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes, scryptSync } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { unwrapKey, wrapKey } from '../files/keys.ts'
import { BackupError } from './error.ts'

/** What closes a backup: a phrase, or the public key of who will open it (the machine that makes the backup then cannot open it). */
export type Lock = { readonly phrase: string } | { readonly publicKeyPem: string }
/** What opens it. */
export type Opener = { readonly phrase: string } | { readonly privateKeyPem: string }

/** How the key of a backup is kept in its header: never in clear. */
export type WrappedKey =
  | { readonly par: 'phrase'; readonly n: number; readonly r: number; readonly p: number; readonly sel: string; readonly cle: string }
  | { readonly par: 'x25519'; readonly ephemere: string; readonly cle: string }

// OWASP's first profile of scrypt: 128 MiB and half a second here, for whoever tries phrases.
const SCRYPT = { n: 131_072, r: 8, p: 1 } as const
const SHORTEST_PHRASE = 16
const CONTEXT = 'parvis sauvegarde 1'

const derived = (phrase: string, salt: Buffer, { n, r, p }: { n: number; r: number; p: number }): Buffer =>
  scryptSync(phrase.normalize('NFC'), salt, 32, { N: n, r, p, maxmem: 256 * n * r })

/** Closes the key of a backup (32 bytes) for its header. */
export function lockKey(lock: Lock, key: Buffer): WrappedKey {
  if ('phrase' in lock) {
    const salt = randomBytes(16)
    return {
      par: 'phrase',
      ...SCRYPT,
      sel: salt.toString('base64'),
      cle: wrapKey(derived(lock.phrase, salt, SCRYPT), key, CONTEXT).toString('base64'),
    }
  }
  const publicKey = readKey(() => createPublicKey(lock.publicKeyPem), 'publique')
  const own = generateKeyPairSync('x25519')
  const ephemere = own.publicKey.export({ type: 'spki', format: 'der' })
  const under = shared(diffieHellman({ privateKey: own.privateKey, publicKey }), ephemere)
  return { par: 'x25519', ephemere: ephemere.toString('base64'), cle: wrapKey(under, key, CONTEXT).toString('base64') }
}

/** Opens what lockKey closed. Throws BackupError when it is not the phrase, or not the key. */
export function unlockKey(opener: Opener, wrapped: WrappedKey): Buffer {
  const byPhrase = wrapped.par === 'phrase'
  if (byPhrase !== 'phrase' in opener) {
    throw new BackupError(
      byPhrase
        ? 'Cette sauvegarde s’ouvre avec une phrase : donnez --phrase <fichier>.'
        : 'Cette sauvegarde s’ouvre avec une clé privée : donnez --cle <fichier>.',
    )
  }
  try {
    return unwrapKey(underOf(opener, wrapped), Buffer.from(wrapped.cle, 'base64'), CONTEXT)
  } catch (error) {
    if (error instanceof BackupError) throw error
    throw new BackupError(
      `${byPhrase ? 'Cette phrase' : 'Cette clé'} n’ouvre pas cette sauvegarde (ou le début du fichier est abîmé). Essayez avec celle du jour où elle a été faite.`,
    )
  }
}

function underOf(opener: Opener, wrapped: WrappedKey): Buffer {
  if (wrapped.par === 'phrase' && 'phrase' in opener) {
    // What the file asks for is not believed: it could ask for all the memory there is.
    if (wrapped.n > 2 ** 20 || wrapped.r > 16 || wrapped.p > 4) throw new Error('scrypt parameters')
    return derived(opener.phrase, Buffer.from(wrapped.sel, 'base64'), wrapped)
  }
  if (wrapped.par !== 'x25519' || !('privateKeyPem' in opener)) throw new Error('lock and opener differ')
  const privateKey = readKey(() => createPrivateKey(opener.privateKeyPem), 'privée')
  const ephemere = Buffer.from(wrapped.ephemere, 'base64')
  return shared(diffieHellman({ privateKey, publicKey: createPublicKey({ key: ephemere, type: 'spki', format: 'der' }) }), ephemere)
}

const shared = (secret: Buffer, salt: Buffer): Buffer => Buffer.from(hkdfSync('sha256', secret, salt, CONTEXT, 32))

function readKey<Key extends { asymmetricKeyType?: string | undefined }>(read: () => Key, which: string): Key {
  let key: Key | undefined
  try {
    key = read()
  } catch {
    key = undefined
  }
  if (key?.asymmetricKeyType === 'x25519') return key
  throw new BackupError(`La clé ${which} attendue est une clé X25519 au format PEM (openssl genpkey -algorithm X25519).`)
}

/** The phrase of a file, which nobody else may read. Refuses one too short to hold: a backup can be tried at leisure. */
export function readPhrase(path: string): string {
  const phrase = readSecretFile(path).replace(/\r?\n$/, '')
  if (phrase.length < SHORTEST_PHRASE)
    throw new BackupError(`La phrase de ${path} est trop courte : ${SHORTEST_PHRASE} caractères au moins, par exemple cinq mots au hasard.`)
  return phrase
}

/** The text of a file that the service alone may read. */
export function readSecretFile(path: string): string {
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
      throw new BackupError(`${path} est lisible par d’autres que vous : chmod 600 ${path}`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof BackupError) throw error
    throw new BackupError(`Le fichier ${path} ne se lit pas (${(error as NodeJS.ErrnoException).code}).`)
  }
}
