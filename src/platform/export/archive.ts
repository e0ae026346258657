import { type PassThrough, Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import yazl from 'yazl'
import type { Head } from './apart.protocol.ts'

const LEVEL = 1
// Compression is done by others (libuv's threads): the next piece is written meanwhile. Pieces that wait longer are old for the collector of memory, which then
// looked at the whole heap four times a second.
const AHEAD = 131_072

/** A file of an archive and its bytes, read when its turn comes. */
export interface Packed extends Head {
  bytes?(): AsyncIterable<Uint8Array>
}

/** Bytes as a file of one piece. */
export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** A ZIP as a stream (PKWARE APPNOTE; sizes after each file, so that none is known before). Within the thread that calls: `zip` is the one for who serves. */
export function archive(entries: readonly Packed[]): Readable {
  const file = new yazl.ZipFile()
  const output = file.outputStream as Readable
  for (const { path, at, isCompressed, verbatim, bytes } of entries) {
    if (verbatim) file.addBuffer(Buffer.from(verbatim), path, { mtime: at, compress: false, forceDosTimestamp: true })
    else {
      const options = isCompressed ? { mtime: at, compress: false } : { mtime: at, compress: true, compressionLevel: LEVEL }
      file.addReadStreamLazy(path, options, callback => {
        const source = Readable.from(bytes?.() ?? [], { objectMode: false, highWaterMark: AHEAD })
        source.once('error', error => output.destroy(error))
        callback(null, summed(source))
      })
    }
  }
  file.on('error', error => output.destroy(error))
  file.end()
  return output
}

/** The library sums in JavaScript, ten times slower than Node's own function: a tenth of an export. It pipes a file first into what sums it. */
function summed(source: Readable): Readable {
  source.pipe = ((sums: PassThrough & { crc32?: unknown }, options) => {
    if (sums.crc32 === 0)
      sums._transform = (chunk: Buffer, _, done) => {
        sums.crc32 = crc32(chunk, sums.crc32 as number)
        done(null, chunk)
      }
    return Readable.prototype.pipe.call(source, sums, options)
  }) as Readable['pipe']
  return source
}
