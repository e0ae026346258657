import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../db/open.ts'
import { testDatabase } from '../db/testing.ts'
import { newId } from '../ids.ts'
import { payloadHash, record, verifyJournal } from './journal.ts'

const database = await testDatabase()
const commune = newId()
const now = new Date('2026-03-29T00:59:59.123Z')

before(async () => {
  await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${commune}, 'commune', 'A', 'a', '00001', now())`.execute(
    database.owner.kysely,
  )
  for (let i = 0; i < 50; i++) {
    await inTenant(database.app, commune, tx =>
      record(tx, commune, now, { acteur: `agent:${i}`, action: 'dossier.accepter', objet: 'éà\n', empreinte: payloadHash({ i }) }),
    )
  }
})

// The owner could alter rows only by lifting row security first: what a thief of the owner's password would do.
const tamper = (statement: string, values: unknown[] = []) =>
  database.owner.pool.query('alter table journal no force row level security').then(async () => {
    await database.owner.pool.query(statement, values)
    await database.owner.pool.query('alter table journal force row level security')
  })

test('an untouched chain verifies', async () => {
  const found = await verifyJournal(database.app, commune)
  assert.equal(found.isIntact, true)
  assert.equal(found.entries, 50)
})

test('entries written together are all there, in a chain without a hole', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      inTenant(database.app, commune, tx => record(tx, commune, new Date(), { acteur: 'x', action: 'y', objet: `${i}`, empreinte: '' })),
    ),
  )
  assert.deepEqual({ ...(await verifyJournal(database.app, commune)), head: '' }, { isIntact: true, entries: 70, head: '' })
})

test('the first altered entry is named', async () => {
  await tamper("update journal set acteur = 'agent:autre' where rang = 17")
  const found = await verifyJournal(database.app, commune)
  assert.ok(!found.isIntact && found.firstAlteredRang === 17, JSON.stringify(found))
  await tamper("update journal set acteur = 'agent:16' where rang = 17")
  assert.ok((await verifyJournal(database.app, commune)).isIntact)
})

test('a removed entry is named, at the end too', async () => {
  await tamper('delete from journal where rang = 70')
  const atTheEnd = await verifyJournal(database.app, commune)
  assert.ok(!atTheEnd.isIntact && atTheEnd.firstAlteredRang === 70)
  await tamper('delete from journal where rang = 30')
  const found = await verifyJournal(database.app, commune)
  assert.ok(!found.isIntact && found.firstAlteredRang === 30)
})
