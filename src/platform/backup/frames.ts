import { createHash } from 'node:crypto'
import { BackupError } from './error.ts'

/**
 * The inside of a backup, once opened: frames of one letter, a length (4 bytes, big endian) and as many bytes.
 * P: what the backup is (JSON, first). E: an entry begins (JSON, its name). D: bytes of the entry. F: the entry ends (JSON: its bytes, rows, SHA-256).
 * Z: the backup ends (JSON: how many entries). docs/exploiter/sauvegarde.md describes them for who would read one without this program.
 */
const MAX_FRAME = 1_048_576

/** What a backup is. */
export interface Preamble {
  readonly format: 1
  readonly nature: 'territoire' | 'commune'
  readonly territoire: { readonly code: string; readonly nom: string }
  readonly commune?: { readonly code: string; readonly nom: string; readonly chemin: string }
  /** The instant of which it is the picture. */
  readonly creeLe: string
  /** The version of the program that made it. */
  readonly version: string
  readonly migrations: readonly { readonly nom: string; readonly empreinte: string }[]
}

/** One part of a backup, and where it belongs. */
export type EntryName =
  | {
      readonly nom: string
      readonly genre: 'table'
      readonly table: string
      readonly collectivite?: string
      readonly colonnes: readonly string[]
    }
  | { readonly nom: string; readonly genre: 'fichier'; readonly collectivite: string; readonly objet: string }
  | { readonly nom: string; readonly genre: 'secret' | 'document' }

/** What an entry held. */
export interface EntryEnd {
  readonly octets: number
  readonly sha256: string
  readonly lignes?: number
}

/** What a whole backup holds. */
export interface Totals {
  readonly tables: number
  readonly lignes: number
  readonly fichiers: number
  readonly octets: number
  /** Rows of « fichier » whose bytes were already missing from the disk. */
  readonly manquants: number
}

const frame = (letter: string, bytes: Uint8Array): Buffer => {
  const head = Buffer.alloc(5)
  head.write(letter, 0, 'latin1')
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}
const json = (letter: string, value: unknown) => frame(letter, Buffer.from(JSON.stringify(value)))

type Counted = { -readonly [Key in keyof Totals]: Totals[Key] }
const zero = (): Counted => ({ tables: 0, lignes: 0, fichiers: 0, octets: 0, manquants: 0 })

function count(totals: Counted, name: EntryName, { octets, lignes }: EntryEnd): void {
  totals.octets += octets
  if (name.genre === 'table') totals.tables++
  if (name.genre === 'fichier') totals.fichiers++
  totals.lignes += lignes ?? 0
}

/** Makes the frames of a backup, and counts what passes. */
export class FrameWriter {
  readonly #totals = zero()

  get totals(): Totals {
    return this.#totals
  }

  start(preamble: Preamble): Buffer {
    return json('P', preamble)
  }

  /** An entry from its bytes, as they come. `rows` is asked once they are all read. */
  async *entry(name: EntryName, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, rows?: () => number): AsyncGenerator<Buffer> {
    yield json('E', name)
    const hash = createHash('sha256')
    let octets = 0
    for await (const chunk of bytes) {
      hash.update(chunk)
      octets += chunk.length
      for (let at = 0; at < chunk.length; at += MAX_FRAME) yield frame('D', chunk.subarray(at, at + MAX_FRAME))
    }
    const lignes = rows?.()
    const end: EntryEnd = { octets, sha256: hash.digest('hex'), ...(lignes === undefined ? {} : { lignes }) }
    count(this.#totals, name, end)
    yield json('F', end)
  }

  missing(): void {
    this.#totals.manquants++
  }

  end(): Buffer {
    return json('Z', this.#totals)
  }
}

/** An entry being read: its bytes must be read to the end, then `end` says what they were, verified. */
export interface ReadEntry {
  readonly name: EntryName
  readonly bytes: AsyncGenerator<Buffer>
  end(): EntryEnd
}

const broken = (why: string) => new BackupError(`Cette sauvegarde est abîmée : ${why}. Prenez-en une autre.`)

/**
 * Reads the frames of a backup. `onEntry` gets each entry in turn and must read its bytes; they are verified against their print at the end.
 * Gives what the backup is and what it held; throws BackupError when anything is missing, altered or out of place.
 */
export async function readFrames(
  source: AsyncIterable<Buffer>,
  onStart: (preamble: Preamble) => Promise<void>,
  onEntry: (entry: ReadEntry) => Promise<void>,
): Promise<{ preamble: Preamble; totals: Totals }> {
  const reader = new ByteReader(source)
  const first = await nextFrame(reader)
  if (first.letter !== 'P') throw broken('elle ne dit pas ce qu’elle est')
  const preamble = JSON.parse(first.bytes.toString('utf8')) as Preamble
  if (preamble.format !== 1)
    throw new BackupError('Cette sauvegarde vient d’une version plus récente de Parvis. Installez cette version pour la lire.')
  await onStart(preamble)
  const counted = zero()
  for (;;) {
    const { letter, bytes } = await nextFrame(reader)
    if (letter === 'E') await readEntry(reader, JSON.parse(bytes.toString('utf8')) as EntryName, counted, onEntry)
    else if (letter === 'Z') {
      const totals = JSON.parse(bytes.toString('utf8')) as Totals
      const { manquants: _, ...seen } = counted
      if (Object.entries(seen).some(([key, value]) => totals[key as keyof Totals] !== value)) throw broken('il y manque des parties')
      // Read to the last seal: bytes after the end would be somebody else's.
      if ((await reader.take(1)) !== undefined) throw broken('elle continue après sa fin')
      return { preamble, totals }
    } else throw broken('une partie n’est pas à sa place')
  }
}

async function readEntry(reader: ByteReader, name: EntryName, counted: Counted, onEntry: (entry: ReadEntry) => Promise<void>) {
  const hash = createHash('sha256')
  let octets = 0
  let end: EntryEnd | undefined
  async function* read() {
    for (;;) {
      const { letter, bytes } = await nextFrame(reader)
      if (letter === 'D') {
        hash.update(bytes)
        octets += bytes.length
        yield bytes
        continue
      }
      if (letter !== 'F') throw broken(`« ${name.nom} » ne finit pas`)
      const told = JSON.parse(bytes.toString('utf8')) as EntryEnd
      if (told.octets !== octets || told.sha256 !== hash.digest('hex')) throw broken(`« ${name.nom} » ne correspond pas à son empreinte`)
      end = told
      return
    }
  }
  const bytes = read()
  const ended = () => {
    if (!end) throw new Error(`${name.nom}: its bytes were not all read`)
    return end
  }
  await onEntry({ name, bytes, end: ended })
  count(counted, name, ended())
}

async function nextFrame(reader: ByteReader): Promise<{ letter: string; bytes: Buffer }> {
  const head = await reader.take(5)
  if (!head) throw broken('elle est coupée')
  const length = head.readUInt32BE(1)
  if (length > MAX_FRAME) throw broken('une partie est trop longue')
  const bytes = await reader.take(length)
  if (!bytes) throw broken('elle est coupée')
  return { letter: head.toString('latin1', 0, 1), bytes }
}

/** Takes an exact number of bytes from a stream. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #waiting: Buffer[] = []
  #waitingBytes = 0

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Undefined when the stream ends before. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.#waitingBytes < length) {
      const next = await this.#source.next()
      if (next.done) return undefined
      this.#waiting.push(next.value)
      this.#waitingBytes += next.value.length
    }
    const whole = this.#waiting.length === 1 ? this.#waiting[0]! : Buffer.concat(this.#waiting)
    this.#waiting = whole.length > length ? [whole.subarray(length)] : []
    this.#waitingBytes = whole.length - length
    return whole.subarray(0, length)
  }
}
