import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ecoindex, noteEcoindex } from './ecoindex.ts'

test('the EcoIndex is that of its authors', () => {
  const vectors = [
    [100, 100, 100, 72],
    [100, 1000, 100, 67],
    [100, 10_000, 100, 58],
    [200, 10_000, 200, 46],
    [2355, 2493, 267, 10],
    [240, 331, 20, 83],
  ] as const
  for (const [elements, kilobytes, requests, score] of vectors) assert.equal(ecoindex(elements, kilobytes, requests), score)
  assert.equal(ecoindex(600_000, 300_000, 4000), 0)
})

test('A is above 80, G at 10', () => {
  assert.deepEqual([81, 80, 71, 56, 41, 26, 11, 10].map(noteEcoindex), ['A', 'B', 'B', 'C', 'D', 'E', 'F', 'G'])
})
