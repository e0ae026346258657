// Large enough that a write costs nothing beside what it writes, small enough that several may wait.
const PIECE = 65_536
const MOST_BYTES = 3

/** What each character of ASCII is in a format: 0, to be looked at more closely; 1, as it is anywhere; 2, not first; 3, a space: neither first, last nor doubled. */
export type Plain = Uint8Array

/** The characters that a format takes as they are, and those that it does but at the beginning. */
export function plain(anywhere: RegExp, notFirst?: RegExp): Plain {
  const kinds = new Uint8Array(128)
  for (let code = 33; code < 127; code++) {
    const one = String.fromCharCode(code)
    kinds[code] = anywhere.test(one) ? 1 : notFirst?.test(one) ? 2 : 0
  }
  kinds[32] = 3
  return kinds
}

/** What is written around values, made bytes once. */
export const fixed = (text: string): Uint8Array => Buffer.from(text)

/**
 * Text being written as UTF-8. Its characters are put one after the other in their place: joined as a text first, they were written three times, and each
 * join was an object for the collector of memory to find (a third of the time of a workbook).
 */
export class Utf8 {
  #bytes = Buffer.allocUnsafeSlow(PIECE + 4096)
  #at = 0

  get isFull(): boolean {
    return this.#at >= PIECE
  }

  get isEmpty(): boolean {
    return this.#at === 0
  }

  /** What is written, given away: what comes next is written elsewhere. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at)
    this.#bytes = Buffer.allocUnsafeSlow(PIECE + 4096)
    this.#at = 0
    return taken
  }

  fixed(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#at = put(bytes, this.#bytes, this.#at)
  }

  /** Any text as it is; half of a pair is U+FFFD. */
  text(text: string): void {
    this.#room(MOST_BYTES * text.length)
    this.#at += this.#bytes.write(text, this.#at)
  }

  /** Writes a text of which every character is what it is in the format, between these bytes, and says so; writes nothing of another. */
  plain(text: string, kinds: Plain, before: Uint8Array, after: Uint8Array): boolean {
    this.#room(before.length + MOST_BYTES * text.length + after.length)
    const at = putPlain(text, kinds, this.#bytes, this.#at + before.length)
    if (at < 0) return false
    put(before, this.#bytes, this.#at)
    this.#at = put(after, this.#bytes, at)
    return true
  }

  #room(most: number): void {
    if (this.#at + most <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length + most)
    larger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = larger
  }
}

// Below, a call of `set` takes longer than its bytes one by one.
const FEW = 14

function put(from: Uint8Array, to: Uint8Array, at: number): number {
  const { length } = from
  if (length > FEW) to.set(from, at)
  else for (let rank = 0; rank < length; rank++) to[at + rank] = from[rank]!
  return at + length
}

/** Where it ends, or -1 when a character is not plain. */
function putPlain(text: string, kinds: Plain, bytes: Uint8Array, from: number): number {
  let at = from
  const { length } = text
  let code = 32
  for (let rank = 0; rank < length; rank++) {
    const previous = code
    code = text.charCodeAt(rank)
    if (code < 128) {
      const kind = kinds[code]!
      if (kind !== 1 && (kind === 0 || (kind === 3 ? previous === 32 : rank === 0))) return -1
      bytes[at++] = code
    } else {
      // Neither spaces nor halves of pairs; a letter of ours when it comes first.
      if (code < 0xa1 || code > 0xd7ff || (rank === 0 && (code < 0xc0 || code > 0xff))) return -1
      if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6)
      else {
        bytes[at++] = 0xe0 | (code >> 12)
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f)
      }
      bytes[at++] = 0x80 | (code & 0x3f)
    }
  }
  return code === 32 ? -1 : at
}

/** What is written of each row, end to end, as pieces of some 64 kB: the rest of a batch waits unmade. */
export async function* inPieces<Row>(batches: AsyncIterable<Iterable<Row>>, write: (row: Row, out: Utf8) => void): AsyncGenerator<Buffer> {
  const out = new Utf8()
  for await (const batch of batches)
    for (const row of batch) {
      write(row, out)
      if (out.isFull) yield out.take()
    }
  if (!out.isEmpty) yield out.take()
}
