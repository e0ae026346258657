import { inPieces } from './pieces.ts'
import type { Sheet } from './table.ts'

/**
 * A table as one object of JSON (RFC 8259, UTF-8): `{"colonnes":{key:title…},"<name>":[…]}`, an object a line, that a program may read as they come. A row
 * begins with the id of what it tells, then has two cells a column: the value as it is stored, and the words for it, undefined when they are the same.
 */
export async function* json({ name, columns, rows }: Sheet<unknown>): AsyncGenerator<Buffer> {
  const titles = Object.fromEntries(columns.map(({ key, title }) => [key ?? title, title]))
  yield Buffer.from(`{"colonnes":${JSON.stringify(titles)},\n${JSON.stringify(name)}:[`)
  // What is around the values is written once: an object a cell, for JSON.stringify to read again, took as long as all the rest.
  const before = columns.map(({ key, title }) => `,${JSON.stringify(key ?? title)}:{"valeur":`)
  let isFirst = true
  yield* inPieces(rows, row => {
    let text = `${isFirst ? '\n' : ',\n'}{"id":${jsonText(row[0])}`
    isFirst = false
    for (let rank = 0; rank < before.length; rank++) {
      const value = jsonText(row[2 * rank + 1])
      const words = row[2 * rank + 2]
      text += `${before[rank]}${value},"texte":${words === undefined ? value : jsonText(words)}}`
    }
    return `${text}}`
  })
  yield Buffer.from('\n]}\n')
}

// Nothing to escape: what most texts are.
const PLAIN = /^[ !#-[\]-\ud7ff]*$/

/** A value as JSON, never undefined: what JSON.stringify gives, without asking it for what is seen at once. */
export function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value)
}
