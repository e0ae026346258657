import { Readable } from 'node:stream'
import type { Worker } from 'node:worker_threads'
import { alone, startThread } from '../thread.ts'
import { type FromThread, ON_THEIR_WAY, type ToThread } from './apart.protocol.ts'

/**
 * Bytes made by a thread of its own (`name` beside the caller, whose `import.meta.url` is given; `fed.ts` within it) of the pieces given here, in bounded memory: a source is opened when the
 * thread asks for it, one at a time, and is read no faster than the bytes are. It starts when it is first read. A source that fails ends the stream with
 * its error, so that what is cut is never taken for whole.
 */
export function madeApart(beside: string, name: string, data: unknown, open: (rank: number) => Promise<AsyncIterable<unknown>>): Readable {
  let thread: Worker | undefined
  let current: AsyncIterable<unknown> | undefined
  let onTheirWay = 0
  let owed = 0
  let isMade = false
  let wake = () => {}
  const say = (what: ToThread<unknown>) => thread?.postMessage(what)
  const output = new Readable({
    read() {
      thread ??= start()
      for (; owed > 0; owed--) say('taken')
    },
    destroy(error, done) {
      // Who asked went away, or it is over: the file in hand is closed, a reading in hand is the last.
      if (current instanceof Readable) current.destroy()
      wake()
      void thread?.terminate()
      done(error)
    },
  })
  // What happens once nobody reads any more must not end the process.
  output.on('error', () => {})
  return output

  function start(): Worker {
    const started = startThread(beside, name, data)
    started.on('message', (said: FromThread) => {
      if (said === 'end') {
        isMade = true
        output.push(null)
      } else if (said === 'taken') {
        onTheirWay--
        wake()
      } else if ('open' in said) send(said.open).catch(error => output.destroy(error))
      else if (output.push(said.bytes)) say('taken')
      else owed++
    })
    started.on('error', error => output.destroy(error))
    // Harmless once all is said, and the only sign of a thread that went without a word.
    started.once('exit', () => isMade || output.destroy(new Error(`${name} ended before its work`)))
    return started
  }

  async function send(rank: number): Promise<void> {
    current = await open(rank)
    if (output.destroyed && current instanceof Readable) current.destroy()
    for await (const piece of current) {
      say({ piece: piece instanceof Uint8Array ? alone(piece) : piece })
      onTheirWay++
      while (onTheirWay >= ON_THEIR_WAY && !output.destroyed)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      if (output.destroyed) return
    }
    say('end')
  }
}
