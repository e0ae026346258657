import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { testApp } from '../app.testing.ts'
import { testDatabase } from '../db/testing.ts'
import { enqueue, type JobHandler, startWorker } from './jobs.ts'

const database = await testDatabase()
const PATIENCE_MS = 30_000

const until = async (isDone: () => boolean) => {
  const deadline = performance.now() + PATIENCE_MS
  while (!isDone() && performance.now() < deadline) await sleep(20)
}

const waiting = async () =>
  (await sql<{ n: number }>`select count(*)::int as n from graphile_worker._private_jobs`.execute(database.owner.kysely)).rows[0]!.n

test('two workers on one database: each job is done once, and both work', async () => {
  const done: { worker: number; rank: number }[] = []
  const app = testApp(database.app)
  const handler =
    (worker: number): JobHandler =>
    async (_app, { rank }) => {
      done.push({ worker, rank: Number(rank) })
      await sleep(5)
    }
  const workers = await Promise.all([1, 2].map(worker => startWorker(app, { compter: handler(worker) }, [])))
  for (let rank = 0; rank < 60; rank++) await enqueue(app.db.kysely, 'compter', { rank })
  await until(() => done.length >= 60)
  await Promise.all(workers.map(worker => worker.stop()))
  assert.equal(await waiting(), 0)
  assert.deepEqual(
    done.map(({ rank }) => rank).sort((a, b) => a - b),
    Array.from({ length: 60 }, (_, rank) => rank),
  )
  assert.deepEqual(new Set(done.map(({ worker }) => worker)), new Set([1, 2]))
})

test('two workers started at once after hours without any: what a schedule missed is done once for each time', async () => {
  const times: string[] = []
  const app = testApp(database.app)
  // Known for long, and last done five hours and a half ago.
  await sql`insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
    values ('ranger', now() - interval '30 days', date_trunc('hour', now()) - interval '5 hours')`.execute(database.owner.kysely)
  const ranger: JobHandler = async (_app, payload) => {
    times.push((payload._cron as unknown as { ts: string }).ts)
  }
  const schedules = [{ task: 'ranger', match: '0 * * * *' }]
  const workers = await Promise.all([1, 2].map(() => startWorker(app, { ranger }, schedules)))
  await until(() => times.length >= 5)
  await sleep(300)
  await Promise.all(workers.map(worker => worker.stop()))
  assert.equal(new Set(times).size, times.length, times.join())
  // Six when an hour struck meanwhile.
  assert.ok(times.length === 5 || times.length === 6, times.join())
})
