import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { startOfDay } from '../../../platform/clock.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { TOUT } from '../recherche/choix.ts'
import { filtreDe } from '../recherche/filtre.ts'
import { ouvrirMairie } from '../testing.ts'
import { comptesParEtat, fileDInstruction, PAR_PAGE, PLAFOND } from './file-d-instruction.ts'
import { souvenirs } from './souvenirs.ts'

const database = await testDatabase()
const { app, collectivite, agents, deposerUn } = await ouvrirMairie(database)
const portee = { sauf: [], seulement: null }
const filtre = filtreDe(
  { ...TOUT, tri: 'anciens' },
  { agentId: agents[0], services: [], portee, aujourdhui: '2026-11-21', debutDuJour: startOfDay },
  new Map(),
)

const lire = (page: number) => inTenant(app.db, collectivite.id, tx => fileDInstruction(tx, collectivite.id, filtre, page))
const attendus = (page: number) =>
  inTenant(app.db, collectivite.id, async tx => {
    const { rows } = await sql<{ id: string }>`select id from dossier where collectivite_id = ${collectivite.id} and cache_le is null
      and etat in ('en_construction', 'en_instruction') order by depose_le, id limit ${PAR_PAGE} offset ${(page - 1) * PAR_PAGE}`.execute(
      tx,
    )
    return rows.map(({ id }) => id)
  })
const cacher = (nombre: number) =>
  inTenant(app.db, collectivite.id, tx =>
    sql`update dossier set cache_le = now() where collectivite_id = ${collectivite.id} and id in (select id from dossier
      where collectivite_id = ${collectivite.id} and cache_le is null order by depose_le, id limit ${nombre})`.execute(tx),
  )

test('more than a thousand is remembered: the page is always the right one, and the number exact again once the list no longer fills it', async () => {
  const id = await deposerUn()
  await inTenant(app.db, collectivite.id, async tx => {
    const { rows } = await sql<{ name: string }>`select column_name as name from information_schema.columns
      where table_name = 'dossier' and column_name not in ('id', 'reference', 'depose_le', 'a_indexer')`.execute(tx)
    const columns = sql.raw(rows.map(({ name }) => name).join(', '))
    await sql`insert into dossier (id, reference, depose_le, a_indexer, ${columns})
      select gen_random_uuid(), 'S' || n, depose_le + n * interval '1 minute', false, ${columns} from dossier, generate_series(1, ${PLAFOND + 50}) n
      where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx)
  })
  for (const page of [1, 1, 3, PLAFOND / PAR_PAGE]) {
    const { lignes, total } = await lire(page)
    assert.deepEqual(
      lignes.map(ligne => ligne.id),
      await attendus(page),
    )
    assert.equal(total, PLAFOND + 1)
  }
  await cacher(30)
  assert.deepEqual(
    (await lire(2)).lignes.map(ligne => ligne.id),
    await attendus(2),
  )
  await cacher(PLAFOND)
  for (const page of [2, 1]) assert.equal((await lire(page)).total, page === 1 ? 21 : 0)
  assert.deepEqual(
    (await lire(1)).lignes.map(ligne => ligne.id),
    await attendus(1),
  )
  const comptes = await inTenant(app.db, collectivite.id, tx => comptesParEtat(tx, collectivite.id, portee))
  assert.deepEqual(comptes, { en_construction: 21, en_instruction: 0, accepte: 0, refuse: 0, sans_suite: 0 })
})

test('memories are few, and the oldest go', () => {
  const { lire, garder, oublier, vider } = souvenirs<number>(60_000)
  for (let at = 0; at < 1100; at++) garder(`${at}`, at)
  assert.equal(lire('99'), undefined)
  assert.equal(lire('100'), 100)
  oublier('100')
  assert.equal(lire('100'), undefined)
  vider()
  assert.equal(lire('1099'), undefined)
})
