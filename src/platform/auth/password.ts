import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

// OWASP's second profile of argon2id: 27 ms here. In Node's pool of threads, four at a time at most.
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    argon2('argon2id', { message: password.normalize('NFC'), nonce: salt, ...PARAMETERS }, (error, tag) =>
      error ? reject(error) : resolve(Buffer.from(tag)),
    ),
  )

let running = 0
const waiting: (() => void)[] = []

// 19 MiB each: a burst of sign-ins must not become a burst of memory.
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= 2) await new Promise<void>(resolve => waiting.push(resolve))
  running++
  try {
    return await work()
  } finally {
    running--
    waiting.shift()?.()
  }
}

/** Hashes a password (argon2id, m = 19 MiB, t = 2, p = 1), as `argon2id$salt$tag` in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await inTurn(() => derive(password, salt))
  return `argon2id$${salt.toString('base64url')}$${tag.toString('base64url')}`
}

// Compared against when the account does not exist, so that both answers take the same time.
const NOBODY = `argon2id$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(32).toString('base64url')}`

/** Whether a password is the one that was hashed. Takes the same time when there is no account (`stored` null). */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, salt, tag] = (stored ?? NOBODY).split('$')
  const given = await inTurn(() => derive(password, Buffer.from(salt ?? '', 'base64url')))
  const expected = Buffer.from(tag ?? '', 'base64url')
  return stored !== null && given.length === expected.length && timingSafeEqual(given, expected)
}
