// Large enough that a write costs nothing beside what it writes, small enough that its texts are forgotten before the collector of memory has to move them.
const PIECE = 32_768

/** What is written of each row, end to end, as pieces of UTF-8 of some 32 kB: the rest of a batch waits unmade. */
export async function* inPieces<Row>(batches: AsyncIterable<Iterable<Row>>, write: (row: Row) => string): AsyncGenerator<Buffer> {
  for await (const batch of batches) {
    let text = ''
    for (const row of batch) {
      text += write(row)
      if (text.length < PIECE) continue
      yield Buffer.from(text)
      text = ''
    }
    if (text !== '') yield Buffer.from(text)
  }
}
