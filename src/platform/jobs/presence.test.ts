import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { testApp } from '../app.testing.ts'
import { inScope } from '../db/open.ts'
import { testDatabase } from '../db/testing.ts'
import { enqueue, startWorker } from './jobs.ts'
import { keepPresence } from './presence.ts'

const database = await testDatabase()
const app = testApp(database.app)

const enMain = (key: string, name: string, attempts = 1) =>
  sql`update graphile_worker._private_jobs set locked_by = ${name}, locked_at = now() - interval '1 minute', attempts = ${attempts} where key = ${key}`.execute(
    database.app.kysely,
  )
const jobs = async () =>
  new Map(
    (
      await sql<{ key: string; by: string | null; wait: number }>`
        select key, locked_by as by, extract(epoch from run_at - now())::int as wait from graphile_worker._private_jobs`.execute(
        database.app.kysely,
      )
    ).rows.map(row => [row.key, row]),
  )

test('what a dead worker had in hand is taken again; what a living one has is left; a job that ends processes waits', async () => {
  await inScope(database.app, {}, async tx => {
    for (const key of ['du mort', 'du vivant', 'qui tue']) await enqueue(tx, 'essai', {}, { jobKey: key })
  })
  const vivant = keepPresence(app, database.appConnection, ['pool-vivant'])
  const autre = keepPresence(app, database.appConnection, ['pool-autre'])
  after(() => Promise.all([vivant.close(), autre.close()]))
  await enMain('du mort', 'pool-mort')
  await enMain('du vivant', 'pool-vivant')
  await enMain('qui tue', 'pool-mort', 6)
  const deadline = performance.now() + 30_000
  while ((await jobs()).get('du mort')?.by && performance.now() < deadline) await sleep(100)
  const found = await jobs()
  assert.equal(found.get('du mort')?.by, null)
  assert.ok(found.get('du mort')!.wait <= 0, 'at once')
  assert.equal(found.get('du vivant')?.by, 'pool-vivant')
  assert.equal(found.get('qui tue')?.by, null)
  const { wait } = found.get('qui tue')!
  assert.ok(wait > 20 && wait <= 30, `a job that was there when six processes ended waits, but no longer than a person would: ${wait} s`)
})

test('a worker says its name, and that it has stopped taking jobs', async () => {
  const worker = await startWorker(app, { rien: async () => {} }, [])
  assert.match(worker.name, /^pool-/)
  let isOver = false
  void worker.ended.then(() => {
    isOver = true
  })
  await worker.stop()
  await sleep(20)
  assert.equal(isOver, false, 'asked to stop, it has not fallen')
})
