// In the thread: what apart.ts gives, and what is made of it.
import { once } from 'node:events'
import { parentPort } from 'node:worker_threads'
import { alone } from '../thread.ts'
import { type FromThread, ON_THEIR_WAY, type ToThread } from './apart.protocol.ts'

const port = parentPort!
const coming: (ToThread<unknown> & (object | 'end'))[] = []
let given = 0

port.on('message', (said: ToThread<unknown>) => {
  if (said === 'taken') given--
  else coming.push(said)
})

const say = (what: FromThread) => port.postMessage(what)

/** The pieces of a source, asked for when the first is: one source at a time. */
export async function* piecesOf<Piece>(rank: number): AsyncGenerator<Piece> {
  say({ open: rank })
  for (;;) {
    const next = coming.shift()
    if (next === 'end') return
    if (next) {
      yield next.piece as Piece
      say('taken')
    } else await once(port, 'message')
  }
}

/** Gives these bytes, no faster than they are read, and ends the thread. They are given away: nobody may keep them. */
export async function give(made: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of made) {
    given++
    const bytes = alone(chunk)
    port.postMessage({ bytes } satisfies FromThread, [bytes.buffer as ArrayBuffer])
    while (given >= ON_THEIR_WAY) await once(port, 'message')
  }
  say('end')
  port.close()
}
