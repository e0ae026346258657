import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import type pg from 'pg'

const FRAME_BYTES = 65_536
const WAITING_MAX = 16

/** The protocol side of `pg`, as far as COPY needs it (PostgreSQL, « Frontend/Backend Protocol », COPY Operations). */
interface Wire {
  readonly stream: Duplex
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

const rowsOf = (text: string): number => Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0)

/** What a COPY … TO STDOUT gives: its bytes as they come, then how many rows there were. Its reader holds the server back. */
export interface CopiedOut {
  readonly bytes: AsyncGenerator<Buffer>
  /** Known once the bytes are all read. */
  rows(): number
}

/** Runs COPY … TO STDOUT on a client that does nothing else meanwhile. Memory is bounded: the socket is paused while nobody reads. */
export function copyOut(client: pg.Client, text: string): CopiedOut {
  const waiting: Buffer[] = []
  const held = Buffer.allocUnsafe(FRAME_BYTES)
  let heldBytes = 0
  let rows = 0
  let wire: Wire | undefined
  let state: 'open' | 'ended' | Error = 'open'
  let wake = () => {}
  let isLeft = false
  const flush = () => {
    if (heldBytes > 0 && !isLeft) waiting.push(Buffer.from(held.subarray(0, heldBytes)))
    heldBytes = 0
    if (waiting.length > WAITING_MAX) wire?.stream.pause()
    wake()
  }
  client.query({
    submit(connection: unknown) {
      wire = connection as Wire
      wire.query(text)
    },
    // One message a row: put together, since the driver reuses the memory of each.
    handleCopyData({ chunk }: { chunk: Buffer }) {
      for (let at = 0; at < chunk.length; ) {
        const taken = Math.min(FRAME_BYTES - heldBytes, chunk.length - at)
        held.set(chunk.subarray(at, at + taken), heldBytes)
        heldBytes += taken
        at += taken
        if (heldBytes === FRAME_BYTES) flush()
      }
    },
    handleCommandComplete({ text: told }: { text: string }) {
      rows = rowsOf(told)
    },
    handleReadyForQuery() {
      if (state === 'open') state = 'ended'
      flush()
    },
    handleError(error: Error) {
      state = error
      wake()
    },
  } as unknown as pg.Submittable)
  async function* read() {
    try {
      for (;;) {
        const next = waiting.shift()
        if (next) {
          if (waiting.length === 0) wire?.stream.resume()
          yield next
        } else if (state === 'ended') return
        else if (state !== 'open') throw state
        else
          await new Promise<void>(resolve => {
            wake = resolve
          })
      }
    } finally {
      isLeft = true // a reader that stops early: the rest comes and is forgotten, or the client would wait for ever
      wire?.stream.resume()
    }
  }
  return { bytes: read(), rows: () => rows }
}

/** Runs COPY … FROM STDIN with the bytes of a source; gives the number of rows written. An error of the source ends the copy and goes on up. */
export async function copyIn(client: pg.Client, text: string, source: AsyncIterable<Buffer>): Promise<number> {
  let wire: Wire | undefined
  let rows = 0
  let failure: Error | undefined
  const started = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  client.query({
    submit(connection: unknown) {
      wire = connection as Wire
      wire.query(text)
    },
    handleCopyInResponse: () => started.resolve(),
    handleCommandComplete({ text: told }: { text: string }) {
      rows = rowsOf(told)
    },
    handleError(error: Error) {
      failure ??= error
      // The driver says nothing more to a query that failed; it waits by itself for the server to be ready.
      started.resolve()
      ended.resolve()
    },
    handleReadyForQuery: () => ended.resolve(),
  } as unknown as pg.Submittable)
  await started.promise
  try {
    for await (const bytes of source) {
      if (failure) break
      wire!.sendCopyFromChunk(bytes)
      if (wire!.stream.writableNeedDrain) await Promise.race([once(wire!.stream, 'drain'), ended.promise])
    }
    if (!failure) wire!.endCopyFrom()
  } catch (error) {
    wire!.sendCopyFail('the source failed')
    await ended.promise
    throw error
  }
  await ended.promise
  if (failure) throw failure
  return rows
}
