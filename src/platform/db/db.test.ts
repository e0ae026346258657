import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { projectFolder } from '../config.ts'
import { newId } from '../ids.ts'
import { startEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { inTenant, over, readInScope } from './open.ts'
import { catalogueProblems } from './rules.ts'
import { testDatabase, testFolder } from './testing.ts'

const database = await testDatabase()
const [a, b] = [newId(), newId()]
for (const [id, code] of [
  [a, '00001'],
  [b, '00002'],
] as const) {
  await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${id}, 'commune', ${code}, ${code}, ${code}, now())`.execute(
    database.owner.kysely,
  )
}

test('every table keeps the rules of the catalogue', async () => {
  const { tables, problems } = await catalogueProblems(database.owner)
  assert.deepEqual(problems, [])
  assert.ok(tables >= 20, `only ${tables} tables seen`)
})

test('a table that breaks a rule is found', async () => {
  await sql`create table fuite (id uuid primary key, collectivite_id uuid not null)`.execute(database.owner.kysely)
  await sql`comment on table fuite is 'locataire: un essai'`.execute(database.owner.kysely)
  const { problems } = await catalogueProblems(database.owner)
  await sql`drop table fuite`.execute(database.owner.kysely)
  assert.deepEqual(problems, [
    'fuite: row security is not enabled and forced',
    'fuite: key fuite_pkey does not begin with collectivite_id',
    'fuite: the policy locataire is missing',
  ])
})

test('a transaction sees only its collectivité, and nothing without one', async () => {
  const entry = (id: string) => sql`select journaliser(${id}, now(), 'x', 'essai', 'o', 'e')`
  await inTenant(database.app, a, tx => entry(a).execute(tx))
  await inTenant(database.app, b, tx => entry(b).execute(tx))
  const seen = await inTenant(database.app, a, tx => sql<{ c: string }>`select collectivite_id as c from journal`.execute(tx))
  assert.deepEqual(seen.rows, [{ c: a }])
  const outside = await sql`select * from journal`.execute(database.app.kysely)
  assert.equal(outside.rows.length, 0)
  const ownerSees = await sql`select * from journal`.execute(database.owner.kysely)
  assert.equal(ownerSees.rows.length, 0, 'forced row security holds for the owner too')
  await assert.rejects(
    inTenant(database.app, a, tx => entry(b).execute(tx)),
    /row-level security/,
  )
})

test('a reading sees its collectivité alone, by text or by builder, together or after its end, and writes nothing', async () => {
  const rows = async (scope: Parameters<typeof readInScope>[1]) =>
    readInScope(database.app, scope, async tx => {
      const byText = sql<{ collectivite_id: string }>`select collectivite_id from journal`.execute(tx)
      const byBuilder = over<{ journal: { collectivite_id: string } }>(tx).selectFrom('journal').select('collectivite_id').execute()
      return [...(await byText).rows, ...(await byBuilder)].map(row => row.collectivite_id)
    })
  // More at once than there are connections, of the two collectivités in turn.
  const found = await Promise.all(Array.from({ length: 30 }, (_, rank) => rows({ collectiviteId: rank % 2 ? a : b })))
  for (const [rank, ids] of found.entries()) assert.deepEqual(ids, rank % 2 ? [a, a] : [b, b])
  assert.deepEqual(await rows({}), [])
  await assert.rejects(
    readInScope(database.app, { collectiviteId: a }, tx => sql`select journaliser(${a}, now(), 'x', 'essai', 'o', 'e')`.execute(tx)),
    /read-only transaction/,
  )
  await assert.rejects(
    readInScope(database.app, { collectiviteId: a }, tx => sql`select nothing from nowhere`.execute(tx)),
    /nowhere/,
  )
  const late = await readInScope(database.app, { collectiviteId: a }, async tx => () => sql`select from journal`.execute(tx))
  assert.equal((await late()).rows.length, 1, 'its own scope goes with each statement')
  assert.equal((await sql`select from journal`.execute(database.app.kysely)).rows.length, 0, 'nothing is left on the connection')
})

test('the journal takes entries, and neither change nor removal', async () => {
  for (const statement of [sql`update journal set acteur = 'y'`, sql`delete from journal`, sql`truncate journal`]) {
    await assert.rejects(
      inTenant(database.app, a, tx => statement.execute(tx)),
      /permission denied/,
    )
  }
})

test('an id that is not a UUID never reaches the statement', async () => {
  await assert.rejects(
    inTenant(database.app, "x'; drop table dossier; --", async () => 0),
    TypeError,
  )
})

test('a migration that meets a table in use lets the others pass, and comes back', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-migrations-'))
  t.after(() => rmSync(folder, { recursive: true }))
  cpSync(join(projectFolder, 'migrations'), folder, { recursive: true })
  writeFileSync(join(folder, '9998-essai.sql'), 'alter table message add column essai_de_migration text')
  const held = await database.app.pool.connect()
  try {
    await held.query('begin')
    await held.query('select 1 from message limit 1')
    let isOver = false
    const migrating = migrate(database.ownerConnection, folder).finally(() => {
      isOver = true
    })
    // Longer than one wait for the table: someone who only reads passes behind the migration.
    for (let turn = 0; turn < 4; turn++) {
      await sleep(300)
      await database.app.pool.query('select 1 from message limit 1')
    }
    assert.equal(isOver, false)
    await held.query('commit')
    assert.deepEqual(await migrating, ['9998-essai.sql'])
  } finally {
    held.release()
    await database.owner.pool.query(
      "alter table message drop column essai_de_migration; delete from migration where nom = '9998-essai.sql'",
    )
  }
})

test('migrating again changes nothing', async () => {
  assert.deepEqual(await migrate(database.ownerConnection), [])
})

test('refused the memory and the module that it would like, the embedded database starts as it does anywhere', async () => {
  const folder = testFolder('parvis-modeste-')
  const server = await startEmbedded(folder, 20, { shared_buffers: '4TB', shared_preload_libraries: 'nullepart' })
  try {
    const client = new pg.Client({ host: server.socketFolder, port: server.port, user: 'postgres', database: 'postgres' })
    await client.connect()
    const { rows } = await client.query(
      `select current_setting('shared_buffers') as memory, current_setting('shared_preload_libraries') as modules`,
    )
    await client.end()
    assert.deepEqual(rows, [{ memory: '128MB', modules: '' }])
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
