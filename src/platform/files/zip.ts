import { inflateRawSync } from 'node:zlib'

/** A name in the central directory of a zip, with where its bytes are. Sizes are as announced. */
export interface ZipEntry {
  readonly name: string
  readonly isEncrypted: boolean
  readonly method: number
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly offset: number
}

const maxEntries = 10_000
const endSignature = 0x06054b50

/** The offset of the end record of a zip that ends exactly with these bytes (APPNOTE 4.3.16), or undefined. */
export function endRecordOf(bytes: Buffer): number | undefined {
  const first = Math.max(0, bytes.length - 22 - 0xffff)
  for (let at = bytes.length - 22; at >= first; at--) {
    if (bytes.readUInt32LE(at) === endSignature && at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return at
  }
  return undefined
}

/**
 * The entries of a zip, or undefined when it is not one that an office program writes: it starts at the first byte, nothing lies between its
 * directory and its end, no zip64 (its limits are far above ours), at most 10,000 entries.
 */
export function entriesOf(bytes: Buffer): ZipEntry[] | undefined {
  const end = endRecordOf(bytes)
  if (end === undefined || bytes.readUInt32LE(0) !== 0x04034b50) return undefined
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (count === 0 || count > maxEntries || at + bytes.readUInt32LE(end + 12) !== end) return undefined
  const entries: ZipEntry[] = []
  while (entries.length < count) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== 0x02014b50) return undefined
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    entries.push({
      name: bytes.subarray(at + 46, nameEnd).toString('utf8'),
      isEncrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      method: bytes.readUInt16LE(at + 10),
      packedBytes: bytes.readUInt32LE(at + 20),
      sizeBytes: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    })
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return at === end ? entries : undefined
}

/** The bytes of one entry, `maxBytes` at most; undefined when they cannot be read or are more. */
export function readEntry(bytes: Buffer, entry: ZipEntry, maxBytes: number): Buffer | undefined {
  if (entry.offset + 30 > bytes.length || bytes.readUInt32LE(entry.offset) !== 0x04034b50) return undefined
  const start = entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28)
  const packed = bytes.subarray(start, start + entry.packedBytes)
  if (packed.length !== entry.packedBytes) return undefined
  if (entry.method === 0) return packed.length <= maxBytes ? packed : undefined
  if (entry.method !== 8) return undefined
  try {
    return inflateRawSync(packed, { maxOutputLength: maxBytes })
  } catch {
    return undefined
  }
}
