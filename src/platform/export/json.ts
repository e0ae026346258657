/** Objects as one JSON array, a line each (RFC 8259, UTF-8): a program may read it as it comes. */
export async function* jsonArray(batches: AsyncIterable<readonly object[]>): AsyncGenerator<Buffer> {
  let isFirst = true
  yield Buffer.from('[')
  for await (const batch of batches) {
    if (batch.length === 0) continue
    yield Buffer.from(`${isFirst ? '\n' : ',\n'}${batch.map(one => JSON.stringify(one)).join(',\n')}`)
    isFirst = false
  }
  yield Buffer.from('\n]\n')
}
