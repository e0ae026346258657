import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testApp } from '../app.testing.ts'
import { inTenant } from '../db/open.ts'
import { testDatabase } from '../db/testing.ts'
import { newId } from '../ids.ts'
import { type EventListener, moveBatch } from './events.ts'

const database = await testDatabase()
const app = testApp(database.app)
const event = { nature: 'essai', collectiviteId: newId(), sujetId: newId(), rang: 2 }
const listener = (name: string, on: string): EventListener => ({ name, on, handle: async () => {} })
const listeners = [listener('un', 'essai'), listener('deux', 'essai'), listener('autre', 'ailleurs')]
const write = () => sql`insert into sortie (id, charge, cree_le) values (${newId()}, ${JSON.stringify(event)}::jsonb, now())`
const count = async (table: string) =>
  Number((await sql<{ n: number }>`select count(*) as n from ${sql.raw(table)}`.execute(database.owner.kysely)).rows[0]!.n)

test('an event leaves the outbox as one job for each of its listeners', async () => {
  await inTenant(app.db, event.collectiviteId, tx => write().execute(tx))
  assert.equal(await moveBatch(app, listeners), 1)
  assert.equal(await moveBatch(app, listeners), 0)
  assert.equal(await count('graphile_worker._private_jobs'), 2)
})

test('an event written by a transaction that rolls back never leaves', async () => {
  await assert.rejects(
    inTenant(app.db, event.collectiviteId, async tx => {
      await write().execute(tx)
      throw new Error('refused')
    }),
  )
  assert.equal(await moveBatch(app, listeners), 0)
})

test('two relays at once take each event once', async () => {
  for (let i = 0; i < 40; i++) {
    const other = { ...event, rang: 100 + i }
    await sql`insert into sortie (id, charge, cree_le) values (${newId()}, ${JSON.stringify(other)}::jsonb, now())`.execute(app.db.kysely)
  }
  const before = await count('graphile_worker._private_jobs')
  const moved = await Promise.all([moveBatch(app, listeners), moveBatch(app, listeners)])
  assert.equal(moved[0] + moved[1], 40)
  assert.equal((await count('graphile_worker._private_jobs')) - before, 80)
})

test('who listens to everything together has one job for a collectivité, whatever waits', async () => {
  const together: EventListener = { ...listener('tout', '*'), together: true }
  const before = await count('graphile_worker._private_jobs')
  const elsewhere = newId()
  for (const [rang, collectiviteId] of [event.collectiviteId, event.collectiviteId, elsewhere].entries())
    await sql`insert into sortie (id, charge, cree_le) values (${newId()}, ${JSON.stringify({ ...event, nature: `n${rang}`, collectiviteId, rang: 500 + rang })}::jsonb, now())`.execute(
      app.db.kysely,
    )
  assert.equal(await moveBatch(app, [together]), 3)
  assert.equal((await count('graphile_worker._private_jobs')) - before, 2)
})
