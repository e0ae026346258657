import { createCipheriv, createDecipheriv } from 'node:crypto'

/**
 * A file at rest: the format mark, then chunks of 64 KiB (the last one shorter), each sealed by AES-256-GCM and followed by its tag.
 * One random key a file, so the nonce is the number of the chunk and never returns under the same key (NIST SP 800-38D §8.2.1).
 * The number and the « last » flag are authenticated: a chunk moved, dropped, doubled, or a file cut at a chunk's end does not open
 * (STREAM construction, Hoang, Reyhanitabar, Rogaway, Vizár 2015).
 */
export const chunkBytes = 65_536
const tagBytes = 16
const mark = Buffer.from('PVF1')

/** A stored file that is not what was written: altered, cut or opened with another key. An accident, never an expected refusal. */
export class StoredFileAltered extends Error {
  override name = 'StoredFileAltered'
}

/** Turns pushed bytes, cut in any way, into sealed chunks. One for a file; `end` must be called once. */
export interface Sealer {
  push(bytes: Uint8Array): Buffer[]
  end(): Buffer[]
}

/** A sealer under a key of 32 bytes, fresh for this file. It holds at most one chunk in memory. */
export function sealer(key: Buffer): Sealer {
  const held = Buffer.allocUnsafe(chunkBytes)
  let heldBytes = 0
  let index = 0
  const seal = (last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index))
    cipher.setAAD(contextOf(index, last))
    const body = cipher.update(held.subarray(0, heldBytes))
    cipher.final()
    const head = index === 0 ? [mark] : []
    index++
    heldBytes = 0
    return Buffer.concat([...head, body, cipher.getAuthTag()])
  }
  return {
    push(bytes) {
      const sealed: Buffer[] = []
      for (let at = 0; at < bytes.length; ) {
        // A full chunk is sealed only when a byte follows it: until then it may be the last.
        if (heldBytes === chunkBytes) sealed.push(seal(false))
        const taken = Math.min(chunkBytes - heldBytes, bytes.length - at)
        held.set(bytes.subarray(at, at + taken), heldBytes)
        heldBytes += taken
        at += taken
      }
      return sealed
    },
    end: () => [seal(true)],
  }
}

/** The plain bytes of a sealed file, chunk by chunk, none given out before it is verified. Throws StoredFileAltered. */
export async function* unseal(key: Buffer, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Buffer = Buffer.alloc(0)
  let marked = false
  let index = 0
  for await (const bytes of source) {
    waiting = waiting.length === 0 ? Buffer.from(bytes) : Buffer.concat([waiting, bytes])
    if (!marked && waiting.length >= mark.length) {
      if (!waiting.subarray(0, mark.length).equals(mark)) throw new StoredFileAltered('not a file of this store')
      waiting = waiting.subarray(mark.length)
      marked = true
    }
    while (marked && waiting.length > chunkBytes + tagBytes) {
      yield open(key, waiting.subarray(0, chunkBytes + tagBytes), index++, false)
      waiting = waiting.subarray(chunkBytes + tagBytes)
    }
  }
  if (!marked || waiting.length < tagBytes) throw new StoredFileAltered('cut before its end')
  yield open(key, waiting, index, true)
}

function open(key: Buffer, sealed: Buffer, index: number, last: boolean): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index), { authTagLength: tagBytes })
  decipher.setAAD(contextOf(index, last))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  const body = decipher.update(sealed.subarray(0, sealed.length - tagBytes))
  try {
    decipher.final()
  } catch {
    throw new StoredFileAltered(`chunk ${index} is not the one that was written`)
  }
  return body
}

function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(index, 6, 6)
  return nonce
}

function contextOf(index: number, last: boolean): Buffer {
  const context = Buffer.alloc(mark.length + 7)
  mark.copy(context)
  context.writeUIntBE(index, mark.length, 6)
  context[mark.length + 6] = last ? 1 : 0
  return context
}
