import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../../../platform/db/open.ts'
import { testDatabase } from '../../../../platform/db/testing.ts'
import type { Route } from '../../../../platform/http/route.ts'
import { createServer } from '../../../../platform/http/server.ts'
import { collectiviteDuChemin } from '../../../territoire/index.ts'
import { chiffrerLesDemarches } from '../../jobs/chiffrer.ts'
import { ouvrirMairie } from '../../testing.ts'
import { enregistrerChiffres, montrerChiffres, montrerChiffresDeLaDemarche } from './chiffres.tsx'

const database = await testDatabase()
const petite = await ouvrirMairie(database, 'petite')
const grande = await ouvrirMairie(database, 'grande')
const { app } = grande
const acting = {
  id: grande.agents[0],
  nom: 'Agent Fictif 1',
  courriel: 'un@valnoir.example',
  roles: [],
  permissions: new Set(['dossiers.lire']),
  portee: { sauf: [], seulement: null },
}
const guarded = { method: 'GET', scope: 'collectivite', access: { kind: 'agent', permission: 'dossiers.lire' } } as const
const routes: Route[] = [
  { ...guarded, path: '/agent/chiffres', handle: montrerChiffres },
  { ...guarded, path: '/agent/chiffres.csv', handle: enregistrerChiffres },
  { ...guarded, path: '/agent/chiffres/:demarche', handle: montrerChiffresDeLaDemarche },
]
const server = await createServer(app, routes, {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async () => acting,
  errorPage: (_app, _tenant, refusal) => refusal.code,
})
const get = (url: string) => server.inject({ method: 'GET', url })
const attendus = async () =>
  (
    await sql<{ payload: { collectiviteId?: string } }>`select j.payload from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'chiffrer-demarches'`.execute(database.owner.kysely)
  ).rows.map(({ payload }) => payload.collectiviteId)

test('the first figures of a large collectivité are counted by a job, asked once; a small one has them at once', async () => {
  await petite.deposerUn()
  assert.match((await get('/petite/agent/chiffres')).body, /Refaits chaque nuit/)
  // Filed, and nothing decided yet: a sentence, not a table without a row.
  const une = (await get('/petite/agent/chiffres/restauration-scolaire')).body
  assert.match(une, /Aucune demande décidée\./)
  assert.doesNotMatch(une, /<tbody[^>]*><\/tbody>/)
  assert.deepEqual(await attendus(), [])

  const one = await grande.deposerUn()
  const { id } = grande.collectivite
  await inTenant(app.db, id, tx =>
    sql`insert into dossier select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'reference', 'R' || n))).*
      from dossier d, generate_series(1, 5001) n where d.collectivite_id = ${id} and d.id = ${one}`.execute(tx),
  )
  for (let look = 0; look < 2; look++) {
    const waiting = await get('/grande/agent/chiffres')
    assert.equal(waiting.statusCode, 200)
    assert.match(waiting.body, /se calculent pour la première fois/)
    assert.match(waiting.body, /id="chiffres" data-module="refreshed"/)
  }
  assert.match((await get('/grande/agent/chiffres/restauration-scolaire')).body, /se calculent pour la première fois/)
  assert.equal((await get('/grande/agent/chiffres.csv')).headers.location, '/grande/agent/chiffres')
  assert.deepEqual(await attendus(), [id], 'one job, however often it is looked at')
  await chiffrerLesDemarches(app, { collectiviteId: id })
  const ready = await get('/grande/agent/chiffres')
  assert.match(ready.body, /5002/)
  assert.match(ready.body, /id="chiffres"/)
  assert.doesNotMatch(ready.body, /data-module="refreshed"/)
})
