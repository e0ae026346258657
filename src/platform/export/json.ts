import { inPieces } from './pieces.ts'

/**
 * Objects, each given as its text, as one JSON array, a line each (RFC 8259, UTF-8): a program may read it as it comes. With a head, `{"a":1,"rows":`,
 * they are the last member of an object.
 */
export async function* jsonArray(batches: AsyncIterable<Iterable<string>>, head = ''): AsyncGenerator<Buffer> {
  let isFirst = true
  yield Buffer.from(`${head}[`)
  yield* inPieces(batches, text => {
    const before = isFirst ? '\n' : ',\n'
    isFirst = false
    return before + text
  })
  yield Buffer.from(head ? '\n]}\n' : '\n]\n')
}

// Nothing to escape: what most texts are.
const PLAIN = /^[ !#-[\]-\ud7ff]*$/

/** A value as JSON, never undefined: what JSON.stringify gives, without asking it for what is seen at once. */
export function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value)
}
