import { once } from 'node:events'
import { createConnection } from 'node:net'

/** Where the antivirus listens. */
export interface ClamdAddress {
  readonly host: string
  readonly port: number
  /** Silence after which it is taken for unreachable; 30 s when not given. */
  readonly timeoutMs?: number
}

export type ScanVerdict = { readonly isClean: true } | { readonly isClean: false; readonly signature: string }

/** The scanner gave no verdict: unreachable, silent, or it answered an error. The file must wait. */
export class ScannerUnavailable extends Error {
  override name = 'ScannerUnavailable'
}

/**
 * Sends bytes to clamd (INSTREAM, clamd(8): `zINSTREAM\0`, then chunks with their length in 4 bytes of big endian, then a length of zero)
 * and gives its verdict. Throws ScannerUnavailable whenever no plain verdict came: silence is never a clean bill.
 */
export async function scanWithClamd(address: ClamdAddress, source: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<ScanVerdict> {
  const socket = createConnection({ host: address.host, port: address.port })
  socket.setTimeout(address.timeoutMs ?? 30_000, () => socket.destroy(new Error('timeout')))
  const answer = collect(socket)
  answer.catch(() => {}) // awaited below; a failure during the sending must not count as unhandled
  try {
    await once(socket, 'connect')
    socket.write('zINSTREAM\0')
    for await (const bytes of source) {
      // clamd answers before the end when a limit is passed: the rest would only meet a closed door.
      if (socket.destroyed || socket.readableEnded) break
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      socket.write(length)
      if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), answer])
    }
    if (!socket.destroyed) socket.write(Buffer.alloc(4))
    return verdictOf(await answer)
  } catch (error) {
    if (error instanceof ScannerUnavailable) throw error
    throw new ScannerUnavailable(`clamd: ${(error as Error).message}`, { cause: error })
  } finally {
    socket.destroy()
  }
}

async function collect(socket: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const bytes of socket) {
    text += bytes.toString('latin1')
    if (text.includes('\0') || text.length > 4096) break
  }
  return text.replace(/\0.*$/s, '').trim()
}

function verdictOf(answer: string): ScanVerdict {
  if (answer === 'stream: OK') return { isClean: true }
  const signature = /^stream: (.{1,200}) FOUND$/.exec(answer)?.[1]
  if (signature) return { isClean: false, signature }
  throw new ScannerUnavailable(`clamd: ${answer.slice(0, 200) || 'no answer'}`)
}
