import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasRoom } from './health.ts'

test('a disk is full below one segment of the journal of the database; one that gives no size is not', () => {
  const bsize = 4096
  assert.equal(hasRoom({ blocks: 100_000, bavail: 4096, bsize }), true)
  assert.equal(hasRoom({ blocks: 100_000, bavail: 4095, bsize }), false)
  assert.equal(hasRoom({ blocks: 100_000, bavail: 0, bsize }), false)
  assert.equal(hasRoom({ blocks: 0, bavail: 0, bsize }), true)
})
