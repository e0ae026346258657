import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { sql } from 'kysely'
import { verifyJournal } from '../../../../platform/audit/journal.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import { testDatabase } from '../../../../platform/db/testing.ts'
import { createServer } from '../../../../platform/http/server.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { checkModele, modelePublie } from '../../../demarches/index.ts'
import { exemples } from '../../../demarches/livre.ts'
import { envDuDossier } from '../../../dossiers/commands/deposer.ts'
import { menage } from '../../../dossiers/jobs/menage.ts'
import { dossierParId } from '../../../dossiers/queries/dossier.ts'
import { ouvrirMairie } from '../../../dossiers/testing.ts'
import { routesFormulaire } from '../../../dossiers/web/usager/formulaire.ts'
import { routesPreremplir } from '../../../dossiers/web/usager/preremplir.tsx'
import { problems, type Reponses } from '../../../formulaires/index.ts'
import { collectiviteDuChemin } from '../../../territoire/index.ts'
import { routes as routesApi } from '../routes.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
await ouvrirMairie(database, 'autre')
const { app, collectivite, clock } = mairie

const server = await createServer(app, [...routesApi, ...routesPreremplir, ...routesFormulaire], {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async () => ({ status: 403, html: '' }),
  errorPage: (_app, _tenant, refusal) => `${refusal.code}: ${refusal.sentence}`,
})
after(() => server.close())

const API = '/valnoir/api/v1/demarches'
const LIENS = `${API}/restauration-scolaire/pre-remplissages`
let hop = 0
const ask = (options: InjectOptions) => server.inject({ remoteAddress: `10.0.${++hop >> 8}.${hop & 255}`, ...options })
const post = (payload: unknown, url = LIENS, headers: Record<string, string> = {}) =>
  ask({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })
const valeurs = { responsablePrenom: 'Camille', responsableNom: 'Exemple', courriel: 'camille@courriel.example' }
const count = async () =>
  (await inTenant(app.db, collectivite.id, tx => sql<{ n: number }>`select count(*)::int as n from pre_remplissage`.execute(tx))).rows[0]!.n
const pathOf = (lien: string) => lien.replace(app.origin, '').replace(/^https?:\/\/[^/]+/, '')
const start = (path: string, cle = newSecret(), headers: Record<string, string> = {}) =>
  ask({
    method: 'POST',
    url: path,
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: `_cle=${cle}`,
  })
const draftOf = async (location: unknown) => {
  const id = String(location).match(/brouillons\/([^/]+)/)![1]!
  return (await inTenant(app.db, collectivite.id, tx => dossierParId(tx, collectivite.id, id)))!
}

test('the démarches open, and the definition of one in the published schema', async () => {
  const { json, ...response } = await ask({ url: API })
  assert.equal(response.statusCode, 200)
  assert.match(String(response.headers['content-type']), /^application\/json/)
  const list = json<{ demarches: { id: string; titre: string; definition: string; revision: number }[] }>().demarches
  assert.ok(list.length > 2)
  const one = list.find(({ id }) => id === 'restauration-scolaire')!
  assert.equal(one.revision, 1)
  const definition = await ask({ url: pathOf(one.definition) })
  const { $schema, ...modele } = definition.json<Record<string, unknown>>()
  assert.equal($schema, `${app.origin}/schemas/demarche.json`)
  assert.deepEqual(checkModele(modele), [])
  assert.equal(modele.titre, one.titre)
  const missing = await ask({ url: `${API}/inconnue` })
  assert.equal(missing.statusCode, 404)
  assert.equal(missing.json<{ code: string }>().code, 'introuvable')
})

test('a link prepared by a program: shown with its source, then a draft with its provenances, once for a key', async () => {
  const made = await post({ valeurs: { ...valeurs, inconnu: 'x', reglement: 'oui' }, source: 'École des Tilleuls' })
  assert.equal(made.statusCode, 201, made.body)
  const { lien, expireLe, refuses } = made.json<{ lien: string; expireLe: string; refuses: { champ: string; message: string }[] }>()
  assert.equal(expireLe, '2026-12-21T09:30:00.000Z')
  assert.ok(refuses.some(({ champ }) => champ === 'inconnu'))
  const shown = await ask({ url: pathOf(lien) })
  assert.equal(shown.statusCode, 200)
  for (const text of ['Camille', 'camille@courriel.example', 'École des Tilleuls (site extérieur)', 'Commencer avec ces réponses'])
    assert.ok(shown.body.includes(text), text)
  const cle = newSecret()
  const begun = await start(pathOf(lien), cle)
  assert.equal(begun.statusCode, 303, begun.body)
  assert.match(String(begun.headers.location), /\/brouillons\/[^/]+\/etapes\/responsable$/)
  assert.equal((await start(pathOf(lien), cle)).headers.location, begun.headers.location, 'the same key, the same draft')
  const cookie = String(begun.headers['set-cookie']).split(';')[0]!
  const draft = await draftOf(begun.headers.location)
  assert.deepEqual(draft.reponses.champs, valeurs)
  assert.equal(draft.provenances.courriel, 'indiqué par École des Tilleuls (site extérieur)')
  const url = String(begun.headers.location)
  const page = await ask({ url, headers: { cookie } })
  assert.match(page.body, /Pré-rempli\s: indiqué par École des Tilleuls \(site extérieur\)\. Vérifiez\./)
  // The person changes one answer: its provenance goes, the others stay.
  const sample = exemples['restauration-scolaire']![0]!.envois[0]!.saisie as Record<string, string>
  const typed = { ...sample, ...valeurs, courriel: 'autre@courriel.example' }
  const saved = await ask({
    method: 'POST',
    url,
    headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(typed).toString(),
  })
  const after = await draftOf(begun.headers.location)
  assert.equal(saved.statusCode, 303, saved.body.match(/<main[\s\S]{0,1500}/)?.[0])
  assert.deepEqual(Object.keys(after.provenances).sort(), ['responsableNom', 'responsablePrenom'])
})

test('a link altered, of another démarche, of another commune, or past its end opens the blank form', async () => {
  const { lien } = (await post({ valeurs })).json<{ lien: string }>()
  const path = pathOf(lien)
  const wrong = [
    path.slice(0, -1) + (path.endsWith('A') ? 'B' : 'A'),
    path.replace('restauration-scolaire', 'acte-etat-civil'),
    path.replace('/valnoir/', '/autre/'),
    `${path}.x`.slice(0, -3),
    path.replace(/pre-rempli\/.*/, 'pre-rempli/x'),
  ]
  for (const url of wrong) {
    for (const response of [await ask({ url }), await start(url)]) {
      assert.equal(response.statusCode, 410, url)
      assert.match(response.body, /Demandez-en un autre/)
      assert.match(response.body, /href="\/(valnoir|autre)\/demarches\/[\w-]+\/commencer"/)
      assert.ok(!response.body.includes('camille@'))
    }
  }
  clock.set('2026-12-22T09:30:00Z')
  assert.equal((await ask({ url: path })).statusCode, 410)
  assert.equal((await start(path)).statusCode, 410)
  await menage(app, {} as never)
  assert.equal(await count(), 0, 'what is past its end is erased at night')
  clock.set('2026-11-21T09:30:00Z')
})

test('every bad request has its status and its sentence in JSON', async () => {
  const before = await count()
  const deep = `{"valeurs":{"courriel":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`
  const cases: readonly [name: string, status: number, response: Awaited<ReturnType<typeof ask>>][] = [
    ['no JSON', 400, await post('{"valeurs":')],
    ['empty', 400, await post('')],
    ['a poisoned prototype', 400, await post('{"valeurs":{"__proto__":{"courriel":"a@b.fr"}}}')],
    ['null', 422, await post('null')],
    ['a list', 422, await post([])],
    ['a text', 422, await post('"valeurs"')],
    ['no values', 422, await post({ source: 'x' })],
    ['values in a list', 422, await post({ valeurs: ['x'] })],
    ['an unknown key', 422, await post({ valeurs, pieces: [] })],
    ['a source that is not text', 422, await post({ valeurs, source: {} })],
    ['a source too long', 422, await post({ valeurs, source: 'x'.repeat(121) })],
    ['300 values', 422, await post({ valeurs: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`c${i}`, i])) })],
    ['nothing acceptable', 422, await post({ valeurs: { courriel: 'pas une adresse', inconnu: 1 } })],
    ['deep nesting', 422, await post(deep)],
    ['too heavy', 413, await post({ valeurs: { courriel: 'a'.repeat(110_000) } })],
    ['a form', 415, await post('valeurs=1', LIENS, { 'content-type': 'application/x-www-form-urlencoded' })],
    ['text', 415, await post('{}', LIENS, { 'content-type': 'text/plain' })],
    ['no type', 415, await ask({ method: 'POST', url: LIENS })],
    ['an unknown démarche', 404, await post({ valeurs }, `${API}/inconnue/pre-remplissages`)],
    ['an unknown commune', 404, await post({ valeurs }, LIENS.replace('valnoir', 'nulle-part'))],
    ['a page of another site', 403, await post({ valeurs }, LIENS, { 'sec-fetch-site': 'cross-site' })],
    ['a sister commune', 403, await post({ valeurs }, LIENS, { 'sec-fetch-site': 'same-site' })],
    ['a foreign origin', 403, await post({ valeurs }, LIENS, { origin: 'https://ailleurs.example' })],
    ['a null origin', 403, await post({ valeurs }, LIENS, { origin: 'null' })],
  ]
  for (const [name, status, response] of cases) {
    assert.equal(response.statusCode, status, `${name}: ${response.body.slice(0, 300)}`)
    assert.match(String(response.headers['content-type']), /^application\/json/, name)
    const { code, message } = response.json<{ code: string; message: string }>()
    assert.ok(code && /[.!]$/.test(message) && message.length > 20, `${name}: ${response.body}`)
    assert.equal(response.headers['access-control-allow-origin'], undefined)
  }
  assert.equal(await count(), before, 'nothing was kept')
  const refused = cases.find(([name]) => name === 'nothing acceptable')![2].json<{ refuses: { champ: string }[] }>()
  assert.deepEqual(refused.refuses.map(({ champ }) => champ).sort(), ['courriel', 'inconnu'])
})

test('a closed démarche gives nothing more', async () => {
  await inTenant(app.db, collectivite.id, tx =>
    sql`update demarche set est_ouverte = false where id = 'restauration-scolaire' and collectivite_id = ${collectivite.id}`.execute(tx),
  )
  const lien = await post({ valeurs })
  assert.equal(lien.statusCode, 410)
  assert.equal((await ask({ url: `${API}/restauration-scolaire` })).statusCode, 410)
  assert.ok(!(await ask({ url: API })).body.includes('"restauration-scolaire"'))
  await inTenant(app.db, collectivite.id, tx =>
    sql`update demarche set est_ouverte = true where id = 'restauration-scolaire' and collectivite_id = ${collectivite.id}`.execute(tx),
  )
})

test('a source is one clean line, and never passes for the mairie', async () => {
  const sources = ['  Mairie\nde Valnoir \u202e', '<zqx>', '\0\0', '']
  for (const source of sources) {
    const { lien } = (await post({ valeurs, source })).json<{ lien: string }>()
    const { body } = await ask({ url: pathOf(lien) })
    assert.match(body, /indiquées par [^.]*site extérieur/)
    assert.ok(!body.includes('<zqx>') && !body.includes('\u202e'))
  }
})

test('whatever JSON is sent: no accident, and no draft with an answer that the engine would refuse', async () => {
  const ids = ['responsablePrenom', 'responsableNom', 'courriel', 'telephone', 'adresse', 'quotient', 'regime', 'enfantNom']
  const any = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom('a@b.fr', '02 61 91 00 12', '12,5', '\0', 'oui'))
  const bodies = fc.oneof(
    { weight: 3, arbitrary: fc.record({ valeurs: fc.dictionary(fc.constantFrom(...ids), any), source: fc.string({ maxLength: 120 }) }) },
    { weight: 1, arbitrary: fc.jsonValue() },
  )
  let begun = 0
  await fc.assert(
    fc.asyncProperty(bodies, async body => {
      const made = await post(body)
      assert.ok([201, 400, 422].includes(made.statusCode), `${made.statusCode} ${made.body}`)
      if (made.statusCode !== 201) return
      const { lien } = made.json<{ lien: string }>()
      assert.equal((await ask({ url: pathOf(lien) })).statusCode, 200)
      const { headers } = await start(pathOf(lien))
      const draft = await draftOf(headers.location)
      begun++
      await assertAccepted(draft.reponses, draft.definition)
    }),
    { numRuns: 150 },
  )
  assert.ok(begun > 20, `${begun} drafts`)
})

async function assertAccepted(reponses: Reponses, definition: string): Promise<void> {
  const modele = await modelePublie(app.db.kysely, definition)
  const found = problems(modele.formulaire, reponses, envDuDossier(app, collectivite, modele))
  assert.deepEqual(
    found.filter(({ champ }) => Object.hasOwn(reponses.champs, champ)),
    [],
  )
}

test('without a token, two hundred links an hour for a collectivité, then a sentence', async () => {
  await sql`update tentative set nombre = 200 where cle = ${`pre-remplissage|${collectivite.id}`}`.execute(app.db.kysely)
  const refused = await post({ valeurs })
  assert.equal(refused.statusCode, 429)
  assert.match(refused.json<{ message: string }>().message, /dans une heure/)
  await sql`delete from tentative`.execute(app.db.kysely)
})

test('the journal tells that links were made, and still verifies', async () => {
  await inTenant(app.db, collectivite.id, async tx => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from journal where action = 'demarche.pre-remplir'`.execute(tx)
    assert.ok(rows[0]!.n > 5)
  })
  assert.ok((await verifyJournal(app.db, collectivite.id)).isIntact)
})
