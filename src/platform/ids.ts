import { createHash, randomBytes, randomFillSync, randomInt } from 'node:crypto'

let lastMs = 0
let sequence = 0

/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then a counter within the millisecond, then chance.
 * Ids made by one process grow, so that new rows land at the right edge of the b-tree.
 */
export function newId(nowMs: number = performance.timeOrigin + performance.now()): string {
  const ms = Math.floor(nowMs)
  if (ms === lastMs) sequence = (sequence + 1) & 0xfff
  else {
    lastMs = ms
    sequence = randomInt(0x7ff)
  }
  const bytes = randomBytes(16)
  bytes.writeUIntBE(ms, 0, 6)
  bytes[6] = 0x70 | (sequence >> 8)
  bytes[7] = sequence & 0xff
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** For how many milliseconds an id made by `newId` has been. */
export const ageOfId = (id: string): number =>
  performance.timeOrigin + performance.now() - Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Whether a text is a UUID written in lower case, the only form that we write. */
export const isUuid = (text: unknown): text is string => typeof text === 'string' && uuidPattern.test(text)

const SECRET_BYTES = 32
const pool = Buffer.alloc(SECRET_BYTES * 128)
let used = pool.length

/** 256 random bits in base64url: a session, a link, a secret. Drawn 128 at a time: each call to the generator costs 30 µs whatever it gives. */
export function newSecret(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const secret = pool.toString('base64url', used, used + SECRET_BYTES)
  pool.fill(0, used, used + SECRET_BYTES)
  used += SECRET_BYTES
  return secret
}

/** SHA-256 of a secret, the only form in which the database knows it. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

// Letters and figures that are not mistaken for one another when read aloud or copied: no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V.
const spokenAlphabet = '34679ACDEFGHJKMNPQRTWXY'

/** A code of `length` characters that can be read over the telephone (4.5 bits a character), in groups of four. */
export function newSpokenCode(length: number): string {
  let code = ''
  for (let i = 0; i < length; i++) {
    if (i > 0 && i % 4 === 0) code += '-'
    code += spokenAlphabet[randomInt(spokenAlphabet.length)]
  }
  return code
}

/** The code of `length` characters that some bytes give, two bytes a character: the same bytes, the same code. */
export function spokenCodeOf(bytes: Buffer, length: number): string {
  let code = ''
  for (let i = 0; i < length; i++) {
    if (i > 0 && i % 4 === 0) code += '-'
    code += spokenAlphabet[bytes.readUInt16BE(i * 2) % spokenAlphabet.length]
  }
  return code
}

/** What a person typed, brought back to the form in which the code was given: case, spaces and hyphens do not count. */
export function normaliseSpokenCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^0-9A-Z]/g, '')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}
