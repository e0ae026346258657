import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { HtmlValidate } from 'html-validate'
import { sql } from 'kysely'
import { verifyJournal } from '../../../../platform/audit/journal.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import { testDatabase } from '../../../../platform/db/testing.ts'
import { storeGenerated } from '../../../../platform/files/index.ts'
import type { ActingAgent } from '../../../../platform/http/route.ts'
import { createServer } from '../../../../platform/http/server.ts'
import { newId, newSecret } from '../../../../platform/ids.ts'
import { collectiviteDuChemin } from '../../../territoire/index.ts'
import { ecrire } from '../../commands/instruire.ts'
import { listeners } from '../../listeners/index.ts'
import { documentsDuDossier, dossierParId } from '../../queries/dossier.ts'
import { ouvrirMairie, usager } from '../../testing.ts'
import { routesAgent } from './routes.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const ailleurs = await ouvrirMairie(database, 'autre')
const { app, collectivite, agents, deposerUn, agir } = mairie
const ALL = ['dossiers.lire', 'dossiers.instruire', 'dossiers.decider', 'journal.lire']
let acting: ActingAgent = {
  id: agents[0],
  nom: 'Agent Fictif 1',
  courriel: 'un@valnoir.example',
  roles: [],
  permissions: new Set(ALL),
  portee: { sauf: [], seulement: null },
}

const server = await createServer(app, routesAgent, {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async (_ctx, permission) => (acting.permissions.has(permission) ? acting : { status: 403, html: `needs ${permission}` }),
  errorPage: (_app, _tenant, refusal, { kept }) => `${refusal.code} ${JSON.stringify(kept ?? {})}`,
})

const get = (path: string, commune = 'valnoir') => server.inject({ method: 'GET', url: `/${commune}${path}` })
const post = (path: string, payload: Record<string, string | string[]>, commune = 'valnoir') =>
  server.inject({
    method: 'POST',
    url: `/${commune}${path}`,
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(
      Object.entries(payload).flatMap(([name, value]) => [value].flat().map((v): [string, string] => [name, v])),
    ).toString(),
  })
const dossierOf = async (id: string) => (await inTenant(app.db, collectivite.id, tx => dossierParId(tx, collectivite.id, id)))!
/** Posts what the form of a page would send. */
const submit = async (id: string, act: string, fields: Record<string, string | string[]> = {}) =>
  post(`/agent/dossiers/${id}/${act}`, { _cle: newSecret(), version: String((await dossierOf(id)).version), ...fields })

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // As in ui/examples.test.tsx, where each is explained.
    'void-style': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'doctype-style': ['error', { style: 'lowercase' }],
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    'no-redundant-role': 'off',
    'prefer-native-element': ['error', { exclude: ['table', 'rowgroup', 'row', 'columnheader', 'rowheader', 'cell', 'search', 'status'] }],
    'tel-non-breaking': 'off',
    'require-sri': 'off',
    'no-autofocus': 'off',
  },
})

async function assertPage(body: string, name: string, maxElements: number): Promise<void> {
  const report = await validator.validateString(body)
  assert.deepEqual(
    report.results.flatMap(({ messages }) => messages.map(m => `${name}: ${m.ruleId} ${m.message} ${m.selector}`)),
    [],
  )
  const elements = body.match(/<[a-z]/g)!.length
  assert.ok(elements <= maxElements, `${name}: ${elements} elements`)
  assert.doesNotMatch(body, /undefined|\[object|NaN/, name)
}

const ids: string[] = []
before(async () => {
  for (let i = 0; i < 27; i++) ids.push(await deposerUn(['restauration-scolaire', 'acte-etat-civil', 'occupation-domaine-public'][i % 3]))
})

test('the list: valid, 390 elements at most with 25 lines, two pages, what waits only', async () => {
  const first = await get('/agent/dossiers')
  assert.equal(first.statusCode, 200)
  await assertPage(first.body, 'list', 390)
  assert.equal(first.body.match(/<tr /g)!.length, 26)
  assert.match(first.body, /Page 1 sur 2 · 27 dossiers/)
  const second = await get('/agent/dossiers?page=2')
  assert.equal(second.body.match(/<tr /g)!.length, 3)
  assert.equal((await get('/agent/dossiers?page=40')).body.match(/<tr /g)!.length, 26)
  assert.match((await get('/agent/dossiers?etat=refuse')).body, /Aucun dossier ne correspond/)
  assert.match((await get('/agent/dossiers', 'autre')).body, /Aucun dossier pour l’instant/)
})

test('the list is searched by reference, name and démarche, whatever is typed', async () => {
  const dossier = await dossierOf(ids[0]!)
  const rows = async (q: string) => ((await get(`/agent/dossiers?q=${encodeURIComponent(q)}`)).body.match(/<tr /g)?.length ?? 1) - 1
  assert.equal(await rows(dossier.reference), 1)
  assert.equal(await rows(dossier.reference.replaceAll('-', '').toLowerCase()), 1)
  assert.ok((await rows(dossier.demandeur_nom!.toUpperCase())) >= 1)
  assert.equal(await rows('restaurant'), 9)
  assert.equal(await rows('zzz introuvable'), 0)
  for (const hostile of ['%', "' or 1=1 --", '<script>', '\\', 'é'.repeat(500)])
    assert.equal((await get(`/agent/dossiers?q=${encodeURIComponent(hostile)}`)).statusCode, 200)
  for (const query of ['etat=brouillon', 'etat[]=x', 'tri=zz&page=-1', 'page=99999999999', 'demarche=%00'])
    assert.equal((await get(`/agent/dossiers?${query}`)).statusCode, 200, query)
})

test('a draft, an unknown dossier and one of elsewhere are the same 404', async () => {
  const draft = await inTenant(app.db, collectivite.id, async tx => {
    const id = newId()
    await sql`insert into dossier (collectivite_id, id, reference, demarche_id, revision, definition, etat, canal, cree_le, modifie_le)
      select collectivite_id, ${id}, 'BROUILLON', demarche_id, revision, definition, 'brouillon', canal, cree_le, modifie_le
      from dossier where collectivite_id = ${collectivite.id} and id = ${ids[0]}`.execute(tx)
    return id
  })
  const foreign = await ailleurs.deposerUn()
  const bodies = new Set<string>()
  for (const id of [draft, foreign, newId(), 'x', "'"]) {
    for (const path of ['', '/refus', '/corrections', `/pieces/${newId()}`, `/documents/${newId()}`]) {
      const response = await get(`/agent/dossiers/${id}${path}`)
      assert.equal(response.statusCode, 404, `${id}${path}`)
      bodies.add(response.body)
    }
    const posted = await post(`/agent/dossiers/${id}/instruction`, { _cle: newSecret(), version: '2' })
    assert.equal(posted.statusCode, 404)
    bodies.add(posted.body)
  }
  assert.equal(bodies.size, 1)
})

test('the page of a dossier is valid, is journalled, and marks messages as read for who handles it', async () => {
  const id = ids[0]!
  await agir(id, cas => ecrire(cas, 'Bonjour <b>mairie</b> & cie'), usager)
  assert.match((await get('/agent/dossiers')).body, /1 message non lu/)
  acting = { ...acting, permissions: new Set(['dossiers.lire']) }
  const read = await get(`/agent/dossiers/${id}`)
  assert.doesNotMatch(read.body, /Prendre en charge|Refuser|Votre message/)
  assert.match((await get('/agent/dossiers')).body, /1 message non lu/)
  acting = { ...acting, permissions: new Set(ALL) }
  const page = await get(`/agent/dossiers/${id}`)
  await assertPage(page.body, 'dossier', 340)
  assert.match(page.body, /Bonjour &lt;b>mairie&lt;\/b> &amp; cie|Bonjour &lt;b&gt;mairie/)
  for (const expected of ['Prendre en charge', 'Demander une correction', 'Votre message', 'Historique', 'Personne pour l’instant'])
    assert.ok(page.body.includes(expected), expected)
  assert.doesNotMatch(page.body, /\/acceptation/)
  assert.doesNotMatch((await get('/agent/dossiers')).body, /message non lu/)
  const { rows } = await inTenant(app.db, collectivite.id, tx =>
    sql<{
      n: number
    }>`select count(*)::int as n from journal where collectivite_id = ${collectivite.id} and action = 'dossier.lire' and objet = ${`dossier:${id}`} and acteur = ${`agent:${agents[0]}`}`.execute(
      tx,
    ),
  )
  assert.equal(rows[0]!.n, 2)
})

test('from taking to a decision, its document, and a reopening', async () => {
  const id = ids[2]!
  assert.equal((await submit(id, 'instruction')).headers.location, `/valnoir/agent/dossiers/${id}?fait=instruction`)
  assert.equal((await dossierOf(id)).agent_id, agents[0])
  for (const act of ['acceptation', 'refus', 'classement', 'corrections']) {
    const page = await get(`/agent/dossiers/${id}/${act}`)
    assert.equal(page.statusCode, 200, act)
    await assertPage(page.body, act, 300)
  }
  assert.match((await get(`/agent/dossiers/${id}/refus`)).body, /ne peut pas vous autoriser/)
  assert.equal((await get(`/agent/dossiers/${id}/reouverture`)).statusCode, 409)
  const without = await submit(id, 'refus', { motif: '   ' })
  assert.equal(without.statusCode, 422)
  assert.match(without.body, /<title>Erreur :.*href="#motif"/s)
  assert.equal((await submit(id, 'refus', { motif: 'Rue en travaux.' })).statusCode, 303)
  for (const listener of listeners.filter(({ on }) => on === 'dossier-decide'))
    await listener.handle(app, mairie.evenement('dossier-decide', id, 4))
  const [decision] = await inTenant(app.db, collectivite.id, tx => documentsDuDossier(tx, collectivite.id, id))
  const file = await get(`/agent/dossiers/${id}/documents/${decision!.id}`)
  assert.match(file.rawPayload.toString('latin1'), /^%PDF/)
  assert.match(String(file.headers['content-disposition']), /^attachment; filename="decision-/)
  assert.equal((await get(`/agent/dossiers/${ids[3]}/documents/${decision!.id}`)).statusCode, 404)
  assert.equal((await submit(id, 'reouverture', { motif: 'Travaux reportés.' })).statusCode, 303)
  assert.match((await get(`/agent/dossiers/${id}?fait=reouverture`)).body, /révoqué.*Dossier rouvert.*Rue en travaux/s)
})

test('a double click has one effect; a stale page is refused and gives back what was typed', async () => {
  const id = ids[1]!
  const fields = { _cle: newSecret(), version: '2', texte: 'Une fois.' }
  const answers = await Promise.all([1, 2, 3].map(() => post(`/agent/dossiers/${id}/messages`, fields)))
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [303, 303, 303],
  )
  assert.equal((await dossierOf(id)).version, 3)
  const stale = await post(`/agent/dossiers/${id}/messages`, { ...fields, _cle: newSecret(), texte: 'Trop tard.' })
  assert.equal(stale.statusCode, 409)
  assert.match(stale.body, /Quelqu’un a agi.*Trop tard\./s)
  assert.equal((await post(`/agent/dossiers/${id}/messages`, { ...fields, texte: 'Autre' })).statusCode, 409)
  assert.equal((await submit(id, 'messages', { texte: '  ' })).statusCode, 422)
  assert.equal((await post(`/agent/dossiers/${id}/instruction`, { version: '3' })).statusCode, 400)
  assert.equal((await dossierOf(id)).version, 3)
  // A decision typed on a page that another agent overtook: what was typed comes back with the reason.
  assert.match((await submit(id, 'refus', { motif: 'Mon motif' })).body, /^etat_change .*Mon motif/)
})

test('a correction keeps what was typed, refuses what cannot be, then waits', async () => {
  const id = ids[4]!
  const typed = {
    champs: ['demandeurNom'],
    motif: 'incorrect',
    message: 'Le nom diffère.',
    'echeance-jour': '31',
    'echeance-mois': '2',
    'echeance-annee': '2027',
  }
  const refusedDay = await submit(id, 'corrections', typed)
  assert.equal(refusedDay.statusCode, 422)
  await assertPage(refusedDay.body, 'correction refused', 300)
  assert.match(refusedDay.body, /href="#echeance".*value="demandeurNom" checked.*Le nom diffère\./s)
  assert.match((await submit(id, 'corrections', { ...typed, champs: ['inventé'] })).body, /href="#champs"/)
  assert.match((await submit(id, 'corrections', { ...typed, message: '' })).body, /href="#message"/)
  assert.equal(
    (await submit(id, 'corrections', { ...typed, 'echeance-jour': '6', 'echeance-mois': '12', 'echeance-annee': '2026' })).statusCode,
    303,
  )
  const page = await get(`/agent/dossiers/${id}`)
  await assertPage(page.body, 'pending', 320)
  assert.match(page.body, /En attente de la personne, jusqu’au 6 décembre 2026/)
  assert.equal((await get(`/agent/dossiers/${id}/corrections`)).statusCode, 409)
  assert.equal((await submit(id, 'instruction')).statusCode, 409)
  assert.match((await get('/agent/dossiers?page=2')).body, /Correction attendue dans 15\u00a0jours \(6 décembre 2026\)/)
})

test('a joined document is served only from the dossier that holds it', async () => {
  const id = ids[5]!
  const fichier = await inTenant(app.db, collectivite.id, async tx => {
    const stored = await storeGenerated(app.files, tx, {
      collectiviteId: collectivite.id,
      name: 'plan.txt',
      type: 'text/plain',
      bytes: Buffer.from('plan'),
    })
    const pieces = JSON.stringify([{ id: stored, nom: 'plan.txt', tailleOctets: 4 }])
    const { demarche_id, definition } = (await dossierParId(tx, collectivite.id, id))!
    assert.equal(demarche_id, 'occupation-domaine-public')
    const { rows } = await sql<{
      champ: string
    }>`select c ->> 'id' as champ from definition_demarche, jsonb_path_query(definition, '$.formulaire.etapes[*].champs[*] ? (@.type == "piece")') c where empreinte = ${definition}`.execute(
      tx,
    )
    await sql`update dossier set reponses = jsonb_set(reponses, ${`{champs,${rows[0]!.champ}}`}::text[], ${pieces}::jsonb) where collectivite_id = ${collectivite.id} and id = ${id}`.execute(
      tx,
    )
    return stored
  })
  const served = await get(`/agent/dossiers/${id}/pieces/${fichier}`)
  assert.equal(served.body, 'plan')
  assert.match(String(served.headers['content-security-policy']), /sandbox/)
  assert.equal((await get(`/agent/dossiers/${ids[8]}/pieces/${fichier}`)).statusCode, 404)
})

test('each act asks for its permission', async () => {
  acting = { ...acting, permissions: new Set() }
  for (const { method, path, access } of routesAgent) {
    const url = path.replace(':id', ids[0]!).replace(/:(fichier|document)/, newId())
    const response = method === 'GET' ? await get(url) : await post(url, {})
    assert.ok(access.kind === 'agent' && response.body === `needs ${access.permission}`, path)
  }
  acting = { ...acting, permissions: new Set(ALL) }
})

test('the journal is shown, a page at a time, and verifies', async () => {
  const page = await get('/agent/journal')
  await assertPage(page.body, 'journal', 300)
  assert.match(page.body, /Agent Fictif 1/)
  assert.match((await get('/agent/journal?verifier=1')).body, /Le journal est intact/)
  assert.equal((await get('/agent/journal?page=9999')).statusCode, 200)
  assert.ok((await verifyJournal(app.db, collectivite.id)).isIntact)
})
