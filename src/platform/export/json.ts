/** Objects, each given as its text, as one JSON array, a line each (RFC 8259, UTF-8): a program may read it as it comes. */
export async function* jsonArray(batches: AsyncIterable<Iterable<string>>): AsyncGenerator<Buffer> {
  let isFirst = true
  yield Buffer.from('[')
  for await (const batch of batches) {
    const text = Array.from(batch).join(',\n')
    if (text === '') continue
    yield Buffer.from(`${isFirst ? '\n' : ',\n'}${text}`)
    isFirst = false
  }
  yield Buffer.from('\n]\n')
}
