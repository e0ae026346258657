import { fixed, inPieces, plain, type Utf8 } from './pieces.ts'
import type { Sheet } from './table.ts'

/**
 * A table as one object of JSON (RFC 8259, UTF-8): `{"colonnes":{key:title…},"<name>":[…]}`, an object a line, that a program may read as they come. A row
 * begins with the id of what it tells, then has two cells a column: the value as it is stored, and the words for it, undefined when they are the same.
 */
export async function* json({ name, columns, rows }: Sheet<unknown>): AsyncGenerator<Buffer> {
  const titles = Object.fromEntries(columns.map(({ key, title }) => [key ?? title, title]))
  yield Buffer.from(`{"colonnes":${JSON.stringify(titles)},\n${JSON.stringify(name)}:[`)
  const before = columns.map(({ key, title }) => fixed(`,${JSON.stringify(key ?? title)}:{"valeur":`))
  let start = FIRST
  yield* inPieces(rows, (row, out) => {
    out.fixed(start)
    start = NEXT
    write(row[0], out)
    for (let rank = 0; rank < before.length; rank++) {
      const value = row[2 * rank + 1]
      const words = row[2 * rank + 2]
      out.fixed(before[rank]!)
      write(value, out)
      out.fixed(WORDS)
      write(words === undefined ? value : words, out)
      out.fixed(END)
    }
    out.fixed(END)
  })
  yield Buffer.from('\n]}\n')
}

const FIRST = fixed('\n{"id":')
const NEXT = fixed(',\n{"id":')
const WORDS = fixed(',"texte":')
const END = fixed('}')
const QUOTE = fixed('"')
const NULL = fixed('null')
const OPEN = fixed('[')
const COMMA = fixed(',')
const CLOSE = fixed(']')
const TRUE = fixed('true')
const FALSE = fixed('false')

// Nothing to escape: what most texts are.
const PLAIN = plain(/[^"\\]/)

/** A value as JSON.stringify writes it, undefined as null. */
function write(value: unknown, out: Utf8): void {
  if (typeof value === 'string' && out.plain(value, PLAIN, QUOTE, QUOTE)) return
  if (value === null || value === undefined) out.fixed(NULL)
  else if (typeof value === 'boolean') out.fixed(value ? TRUE : FALSE)
  else if (typeof value === 'number' && Number.isFinite(value)) out.text(String(value))
  else if (Array.isArray(value)) list(value, out)
  else out.text(JSON.stringify(value))
}

function list(values: readonly unknown[], out: Utf8): void {
  out.fixed(OPEN)
  for (let rank = 0; rank < values.length; rank++) {
    if (rank > 0) out.fixed(COMMA)
    write(values[rank], out)
  }
  out.fixed(CLOSE)
}
