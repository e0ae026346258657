import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { chunkBytes, StoredFileAltered, sealer, unseal } from './chunks.ts'

const sealedChunk = chunkBytes + 16
const markBytes = 4

function sealAll(key: Buffer, pieces: Uint8Array[]): Buffer {
  const seal = sealer(key)
  const sealed = pieces.flatMap(piece => seal.push(piece))
  return Buffer.concat([...sealed, ...seal.end()])
}

async function openAll(key: Buffer, pieces: Uint8Array[]): Promise<Buffer> {
  const plain: Buffer[] = []
  for await (const bytes of unseal(key, pieces)) plain.push(bytes)
  return Buffer.concat(plain)
}

function cut(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [0, ...cuts.map(cutAt => cutAt % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((place, i) => bytes.subarray(places[i], place))
}

// Sizes near the edges of a chunk, where an off-by-one would live.
const size = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -2, max: 2 })).map(([n, delta]) => n * chunkBytes + delta),
)
const cuts = fc.array(fc.nat(4 * chunkBytes), { maxLength: 6 })

test('any bytes, cut in any way at writing and at reading, come back the same', async () => {
  await fc.assert(
    fc.asyncProperty(size, cuts, cuts, async (length, writeCuts, readCuts) => {
      const key = randomBytes(32)
      const plain = randomBytes(length)
      const sealed = sealAll(key, cut(plain, writeCuts))
      assert.equal(sealed.length, markBytes + plain.length + 16 * Math.max(1, Math.ceil(length / chunkBytes)))
      assert.ok((await openAll(key, cut(sealed, readCuts))).equals(plain))
    }),
    { numRuns: 60 },
  )
})

test('any bit changed is detected', async () => {
  await fc.assert(
    fc.asyncProperty(size, fc.nat(), fc.integer({ min: 0, max: 7 }), async (length, place, bit) => {
      const key = randomBytes(32)
      const sealed = sealAll(key, [randomBytes(length)])
      const at = place % sealed.length
      sealed[at] = sealed[at]! ^ (1 << bit)
      await assert.rejects(openAll(key, [sealed]), StoredFileAltered)
    }),
    { numRuns: 60 },
  )
})

test('a file cut anywhere, at the end of a chunk too, is detected', async () => {
  const key = randomBytes(32)
  const sealed = sealAll(key, [randomBytes(3 * chunkBytes)])
  const ends = [0, 1, markBytes, markBytes + 15, markBytes + sealedChunk, markBytes + 2 * sealedChunk, sealed.length - 1]
  for (const end of ends) await assert.rejects(openAll(key, [sealed.subarray(0, end)]), StoredFileAltered, `cut at ${end}`)
})

test('chunks exchanged, doubled, dropped, or added after the end are detected', async () => {
  const key = randomBytes(32)
  const sealed = sealAll(key, [randomBytes(3 * chunkBytes + 10)])
  const mark = sealed.subarray(0, markBytes)
  const chunk = (n: number) => sealed.subarray(markBytes + n * sealedChunk, markBytes + (n + 1) * sealedChunk)
  const orders = [
    [1, 0, 2, 3],
    [0, 0, 1, 2, 3],
    [0, 2, 3],
    [0, 1, 2, 3, 3],
    [0, 1, 2, 3, 0],
  ]
  for (const order of orders) await assert.rejects(openAll(key, [mark, ...order.map(chunk)]), StoredFileAltered, order.join())
  assert.equal((await openAll(key, [mark, ...[0, 1, 2, 3].map(chunk)])).length, 3 * chunkBytes + 10)
})

test('another key opens nothing, and nothing comes out before it is verified', async () => {
  const sealed = sealAll(randomBytes(32), [randomBytes(2 * chunkBytes)])
  const given: Buffer[] = []
  await assert.rejects(async () => {
    for await (const bytes of unseal(randomBytes(32), [sealed])) given.push(bytes)
  }, StoredFileAltered)
  assert.equal(given.length, 0)
})
