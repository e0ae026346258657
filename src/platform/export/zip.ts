import type { Readable } from 'node:stream'
import type { Head } from './apart.protocol.ts'
import { madeApart } from './apart.ts'

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
  const heads: Head[] = entries.map(({ path, at, isCompressed, verbatim }) => ({ path, at, isCompressed, verbatim }))
  return madeApart(import.meta.url, 'zip.thread', heads, rank => entries[rank]!.open())
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
