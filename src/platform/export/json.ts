import { inPieces } from './pieces.ts'

/** Objects, each given as its text, as one JSON array, a line each (RFC 8259, UTF-8): a program may read it as it comes. */
export async function* jsonArray(batches: AsyncIterable<Iterable<string>>): AsyncGenerator<Buffer> {
  let isFirst = true
  yield Buffer.from('[')
  yield* inPieces(batches, text => {
    const before = isFirst ? '\n' : ',\n'
    isFirst = false
    return before + text
  })
  yield Buffer.from('\n]\n')
}
