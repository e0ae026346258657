import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { Worker } from 'node:worker_threads'
import { alone, startThread } from '../thread.ts'
import { type FromThread, type Head, ON_THEIR_WAY, type ToThread } from './zip.protocol.ts'

/** A file of an archive: its bytes are asked for when their turn comes, so that one file is open at a time. */
export interface Entry {
  readonly path: string
  readonly at: Date
  /** What is compressed already (PDF, photos) is stored as it is. */
  readonly isCompressed?: boolean
  /** These bytes, stored with nothing around their name, not even their date in full: the way in which some formats say what they are. */
  readonly verbatim?: Buffer
  open(): Promise<Readable>
}

/**
 * A ZIP as a stream, in bounded memory, made by a thread of its own while this one reads the files. It starts when it is first read. Paths are those that
 * `safePaths` gives; a file that cannot be read ends the stream with its error, so that a cut archive is never taken for a whole one.
 */
export function zip(entries: readonly Entry[]): Readable {
  let thread: Worker | undefined
  let current: Readable | undefined
  let onTheirWay = 0
  let owed = 0
  const say = (what: ToThread) => thread?.postMessage(what)
  const output = new Readable({
    read() {
      thread ??= start()
      for (; owed > 0; owed--) say('taken')
    },
    destroy(error, done) {
      // Who asked went away, or it is over: the file in hand is closed.
      current?.destroy()
      void thread?.terminate()
      done(error)
    },
  })
  // What happens once nobody reads any more must not end the process.
  output.on('error', () => {})
  return output

  function start(): Worker {
    const heads: Head[] = entries.map(({ path, at, isCompressed, verbatim }) => ({ path, at, isCompressed, verbatim }))
    const started = startThread(import.meta.url, 'zip.thread', heads)
    started.on('message', (said: FromThread) => {
      if (said === 'end') output.push(null)
      else if (said === 'taken') onTheirWay--
      else if ('open' in said) send(entries[said.open]!).catch(error => output.destroy(error))
      else if (output.push(said.bytes)) say('taken')
      else owed++
    })
    started.once('error', error => output.destroy(error))
    return started
  }

  async function send({ open }: Entry): Promise<void> {
    current = await open()
    if (output.destroyed) current.destroy()
    for await (const piece of current) {
      say({ piece: alone(piece) })
      onTheirWay++
      while (onTheirWay >= ON_THEIR_WAY) await once(thread!, 'message')
    }
    say('end')
  }
}

const LONGEST = 100

/** Paths for an archive: no control character, none that Windows refuses, no « .. » nor leading dot; each once, whatever the case (« plan (2).pdf »). */
export function safePaths(wanted: readonly (readonly string[])[]): string[] {
  const taken = new Set<string>()
  return wanted.map(parts => {
    const path = parts.map(safePart).join('/')
    const [, base = path, extension = ''] = /^(.*?)(\.[^./]{1,10})?$/.exec(path) ?? []
    let free = path
    for (let rank = 2; taken.has(free.toLowerCase()); rank++) free = `${base} (${rank})${extension}`
    taken.add(free.toLowerCase())
    return free
  })
}

function safePart(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{C}<>:"/\\|?*]/gu, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  // Names of devices, which Windows opens instead of the file.
  const usable = clean === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(clean) ? `document-${clean}` : clean
  if ([...usable].length <= LONGEST) return usable
  const extension = /\.[^.]{1,10}$/.exec(usable)?.[0] ?? ''
  return [...usable].slice(0, LONGEST - extension.length).join('') + extension
}
