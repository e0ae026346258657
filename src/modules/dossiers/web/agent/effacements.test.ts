import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../../../platform/db/open.ts'
import { testDatabase } from '../../../../platform/db/testing.ts'
import { entriesOf, readEntry } from '../../../../platform/files/zip.ts'
import type { ActingAgent } from '../../../../platform/http/route.ts'
import { createServer } from '../../../../platform/http/server.ts'
import { newId, newSecret } from '../../../../platform/ids.ts'
import { collectiviteDuChemin } from '../../../territoire/index.ts'
import { decider, ecrire, prendreEnInstruction } from '../../commands/instruire.ts'
import { conserve } from '../../queries/conservation.ts'
import { dossierParId } from '../../queries/dossier.ts'
import { ouvrirMairie } from '../../testing.ts'
import { routesAgent } from './routes.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agents, deposerUn, agir } = mairie
const acting: ActingAgent = {
  id: agents[0],
  nom: 'Agent Fictif 1',
  courriel: 'un@valnoir.example',
  roles: [],
  permissions: new Set(['dossiers.lire', 'dossiers.instruire', 'dossiers.decider', 'reglages.modifier']),
  portee: { sauf: [], seulement: null },
}
const server = await createServer(app, routesAgent, {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async () => acting,
  errorPage: (_app, _tenant, refusal) => refusal.code,
})
const get = (path: string) => server.inject({ method: 'GET', url: `/valnoir/agent/${path}` })
const post = (path: string, payload: Record<string, string>) =>
  server.inject({
    method: 'POST',
    url: `/valnoir/agent/${path}`,
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _cle: newSecret(), ...payload }).toString(),
  })
const dans = <T>(work: Parameters<typeof inTenant<T>>[2]) => inTenant(app.db, collectivite.id, work)
const version = async (id: string) => String((await dans(tx => dossierParId(tx, collectivite.id, id)))!.version)
const found = (id: string) => dans(tx => conserve(tx, collectivite.id, id))

async function decided(): Promise<string> {
  const id = await deposerUn()
  await agir(id, prendreEnInstruction)
  await agir(id, cas => decider(cas, 'accepter', ''))
  return id
}

test('the erasure of a dossier is suspended with its reason, then goes on; a stale page and an empty reason change nothing', async () => {
  const id = await decided()
  const page = await get(`dossiers/${id}/conservation`)
  assert.match(page.body, /Gardé jusqu’au/)
  assert.doesNotMatch(page.body, /undefined|\[object|archives\.zip/)
  assert.equal((await post(`dossiers/${id}/suspension`, { version: '1', motif: 'Recours' })).statusCode, 409)
  assert.equal((await post(`dossiers/${id}/suspension`, { version: await version(id), motif: ' ' })).statusCode, 422)
  assert.equal((await post(`dossiers/${id}/suspension`, { version: await version(id), motif: 'Recours au tribunal' })).statusCode, 303)
  assert.deepEqual([(await found(id))?.estGele, (await found(id))?.gelMotif], [true, 'Recours au tribunal'])
  assert.match((await get(`dossiers/${id}/conservation`)).body, /Recours au tribunal/)
  assert.equal((await post(`dossiers/${id}/suspension`, { version: await version(id), reprendre: 'oui' })).statusCode, 303)
  assert.equal((await found(id))?.estGele, false)
})

test('what the archives receive: the dossier as data and as a page; a reading in the journal', async () => {
  const id = await decided()
  const answer = await get(`dossiers/${id}/archives.zip`)
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['content-type'], 'application/zip')
  assert.equal(answer.rawPayload.subarray(0, 2).toString(), 'PK')
  for (const name of ['dossier.json', 'dossier.html']) assert.ok(answer.rawPayload.includes(name), name)
  const { rows } = await dans(tx =>
    sql`select 1 from journal where collectivite_id = ${collectivite.id} and action = 'archives.lire' and objet = ${`dossier:${id}`}`.execute(
      tx,
    ),
  )
  assert.equal(rows.length, 1)
  assert.equal((await post(`dossiers/${id}/remise`, { version: await version(id) })).statusCode, 303)
  assert.equal((await found(id))?.estRemis, true)
})

test('what the archives receive is whole even when a file of the dossier no longer opens: it is named, with why', async () => {
  const id = await decided()
  await agir(id, cas => ecrire(cas, 'Voici le plan.', [{ id: newId(), nom: 'plan perdu.pdf', tailleOctets: 12 }]))
  const answer = await get(`dossiers/${id}/archives.zip`)
  assert.equal(answer.statusCode, 200)
  const json = entriesOf(answer.rawPayload)!.find(({ name }) => name === 'dossier.json')!
  const lu = readEntry(answer.rawPayload, json, 1_000_000)!.toString()
  assert.match(lu, /"fichiersAbsents": \[\s+\{\s+"nom": "plan perdu.pdf",\s+"raison": "il a été effacé"/)
})

test('a large erasure is confirmed once, and starts at once; by nobody else', async () => {
  const id = newId()
  await dans(tx =>
    sql`insert into retenue (collectivite_id, id, constatee_le, nombre, total) values (${collectivite.id}, ${id}, ${app.clock.now()}, 30, 100)`.execute(
      tx,
    ),
  )
  assert.match((await get('effacements')).body, /30 dossiers sur 100/)
  assert.equal((await post(`effacements/${newId()}/confirmation`, {})).statusCode, 409)
  assert.equal((await post(`effacements/${id}/confirmation`, {})).statusCode, 303)
  assert.equal((await post(`effacements/${id}/confirmation`, {})).statusCode, 409)
  assert.doesNotMatch((await get('effacements')).body, /attend votre accord/)
  const { rows } = await database.owner.pool.query("select 1 from graphile_worker.jobs where task_identifier = 'conserver'")
  assert.equal(rows.length, 1)
})

test('the figures are counted at the first reading; a CSV of them', async () => {
  const list = await get('chiffres')
  assert.equal(list.statusCode, 200)
  assert.doesNotMatch(list.body, /undefined|\[object|NaN/)
  const one = await get('chiffres/restauration-scolaire')
  assert.match(one.body, /Mois par mois/)
  assert.equal((await get('chiffres/inconnue')).statusCode, 404)
  const csv = await get('chiffres.csv')
  assert.match(csv.body, /restauration|Démarche/)
})
