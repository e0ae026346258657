import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { inTenant } from '../../src/platform/db/open.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { ouvrirMonde } from './monde.ts'

const monde = await ouvrirMonde()
const { app, a, b, agents, agentAilleurs, siens, desAutres, ailleurs, clock } = monde
const get = (path: string, cookie: string, place = a) => monde.demander({ url: `${place.base}${path}`, cookie })
const post = (path: string, fields: Record<string, string | string[]>, cookie: string) =>
  monde.demander({ method: 'POST', url: `${a.base}${path}`, cookie, fields: { _cle: newSecret(), ...fields } })
const lieu = (response: { headers: Record<string, unknown> }) => String(response.headers['location']).replace(a.base, '')
const referenceDe = async (id: string, place = a) =>
  (
    await inTenant(app.db, place.id, tx =>
      sql<{ reference: string }>`select reference from dossier where collectivite_id = ${place.id} and id = ${id}`.execute(tx),
    )
  ).rows[0]!.reference
const EXPORT = { choix: 'etat=tous', format: 'csv', col: ['reference', 'demarche', 'service'] }

async function exporter(cookie: string): Promise<{ lot: string; references: string[] }> {
  const asked = await post('/agent/exports', EXPORT, cookie)
  assert.equal(asked.statusCode, 303, asked.body)
  const file = await get(`${lieu(asked)}/fichier`, cookie)
  assert.equal(file.statusCode, 200)
  assert.match(String(file.headers['content-disposition']), /^attachment/)
  const rows = parse(file.rawPayload, { bom: true, delimiter: ';', columns: true }) as Record<string, string>[]
  return { lot: lieu(asked), references: rows.map(row => row['Référence']!) }
}

test('an export has the dossiers of its commune that its agent may see, is theirs alone, and is written in the journal', async () => {
  const { lot, references } = await exporter(agents.lecteur.cookie)
  for (const { id } of [siens.depose, siens.correction, desAutres.depose]) assert.ok(references.includes(await referenceDe(id)))
  assert.ok(!references.includes(await referenceDe(siens.brouillon.id)))
  assert.ok(!references.includes(await referenceDe(ailleurs.depose.id, b)))
  for (const path of [lot, `${lot}/fichier`]) {
    assert.equal((await get(path, agents.instructeur.cookie)).statusCode, 404)
    assert.equal((await get(path, agentAilleurs.cookie, b)).statusCode, 404)
  }
  assert.equal((await get('/agent/exports', agents.administrateur.cookie)).statusCode, 403)
  const { rows } = await inTenant(app.db, a.id, tx =>
    sql<{ n: number }>`select count(*)::int as n from lecture l join journal j on j.collectivite_id = ${a.id} and j.rang = l.rang
      where l.collectivite_id = ${a.id} and j.action = 'export.lire' and j.acteur = ${`agent:${agents.lecteur.id}`}`.execute(tx),
  )
  assert.equal(rows[0]!.n, references.length)
})

test('a reserved service is not exported by who is not of its team, nor chosen in a batch', async () => {
  const service = (
    await inTenant(app.db, a.id, tx =>
      sql<{ service: string }>`select service from dossier where collectivite_id = ${a.id} and id = ${siens.depose.id}`.execute(tx),
    )
  ).rows[0]!.service
  await inTenant(app.db, a.id, tx =>
    sql`insert into equipe (collectivite_id, service, reservee, creee_le) values (${a.id}, ${service}, true, now())`.execute(tx),
  )
  const { references } = await exporter(agents.instructeur.cookie)
  assert.ok(!references.includes(await referenceDe(siens.depose.id)))
  const chosen = await post('/agent/lots', { acte: 'archiver', liste: 'etat=tous', d: `${siens.depose.id}.1` }, agents.instructeur.cookie)
  assert.match(String(chosen.headers['location']), /refus=lot_vide/)
  await inTenant(app.db, a.id, tx => sql`delete from equipe where collectivite_id = ${a.id}`.execute(tx))
})

test('a batch asks for the right of its act, and for the dossiers of this commune', async () => {
  const choose = (acte: string, d: string | string[], cookie = agents.instructeur.cookie) =>
    post('/agent/lots', { acte, liste: 'etat=tous', d }, cookie)
  assert.equal((await choose('prendre', `${siens.depose.id}.1`, agents.lecteur.cookie)).statusCode, 403)
  assert.equal((await choose('refuser', `${siens.depose.id}.1`)).statusCode, 403)
  for (const d of [`${ailleurs.depose.id}.1`, `${siens.brouillon.id}.1`, 'n’importe quoi', '', `${siens.depose.id}.x`])
    assert.match(String((await choose('attribuer', d)).headers['location']), /refus=lot_vide/, d)
  assert.match(String((await choose('détruire', `${siens.depose.id}.1`)).headers['location']), /refus=lot_sans_acte/)
  const made = await choose('attribuer', [`${siens.depose.id}.1`, `${ailleurs.depose.id}.1`])
  assert.equal(made.statusCode, 303)
  const lot = lieu(made).split('?')[0]!
  assert.match((await get(lot, agents.instructeur.cookie)).body, /1 dossier/)
  assert.equal((await post(`${lot}/lancement`, { agent: '' }, agents.decideur.cookie)).statusCode, 404)
  assert.equal((await post(`${lot}/annulation`, {}, agents.instructeur.cookie)).statusCode, 409)
  assert.equal((await post(`${lot}/lancement`, { agent: '' }, agents.instructeur.cookie)).statusCode, 303)
  assert.equal((await post(`${lot}/lancement`, { agent: '' }, agents.instructeur.cookie)).statusCode, 409)
})

test('bad choices of an export are refused in words, and what was chosen is kept; a file too old is gone', async () => {
  const none = await post('/agent/exports', { choix: 'etat=tous', format: 'xlsx' }, agents.lecteur.cookie)
  assert.equal(none.statusCode, 422)
  assert.match(none.body, /Cochez au moins une colonne/)
  assert.match(none.body, /value="xlsx" checked/)
  const strange = await post(
    '/agent/exports',
    { ...EXPORT, col: ['reference', 'c.__proto__', 'x'.repeat(100)], format: 'exe' },
    agents.lecteur.cookie,
  )
  const file = await get(`${lieu(strange)}/fichier`, agents.lecteur.cookie)
  assert.equal(file.body.split('\r\n')[0], '\ufeffRéférence')
  const now = clock.now()
  clock.set(new Date(now.getTime() + 25 * 3_600_000).toISOString())
  const cookie = await monde.frais('lecteur')
  const late = await get(`${lieu(strange)}/fichier`, cookie)
  assert.equal(late.statusCode, 410)
  clock.set(now.toISOString())
})
