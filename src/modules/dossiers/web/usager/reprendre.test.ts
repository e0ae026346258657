import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { openSession, sessionCookieName } from '../../../../platform/auth/sessions.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import { testDatabase } from '../../../../platform/db/testing.ts'
import type { ActingAgent } from '../../../../platform/http/route.ts'
import { createServer } from '../../../../platform/http/server.ts'
import { newId, newSecret } from '../../../../platform/ids.ts'
import { modelePublie } from '../../../demarches/index.ts'
import { type Collectivite, collectiviteDuChemin } from '../../../territoire/index.ts'
import { envDuDossier, obstacles } from '../../commands/deposer.ts'
import { piecesDe } from '../../pieces.ts'
import { dossierParId } from '../../queries/dossier.ts'
import { ouvrirMairie } from '../../testing.ts'
import { routesAgent } from '../agent/routes.ts'
import { routesDepot } from './depot.tsx'
import { routesFormulaire } from './formulaire.ts'
import { routesReprendre } from './reprendre.tsx'
import { routesSuivi } from './suivi.tsx'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const voisine = await ouvrirMairie(database, 'autre')
const { app, collectivite, clock, agents } = mairie
const acting: ActingAgent = {
  id: agents[0],
  nom: 'Agent Fictif 1',
  courriel: 'un@valnoir.example',
  roles: [],
  permissions: new Set(['dossiers.lire', 'dossiers.instruire']),
  portee: { sauf: [], seulement: null },
}

const server = await createServer(app, [...routesReprendre, ...routesFormulaire, ...routesDepot, ...routesSuivi, ...routesAgent], {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async () => acting,
  errorPage: (_app, _tenant, refusal) => `${refusal.code}: ${refusal.sentence}`,
})
after(() => server.close())

const get = (url: string, cookie = '') => server.inject({ url, headers: { host: 'localhost', cookie } })
const post = (url: string, cookie: string, fields: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url,
    headers: { host: 'localhost', cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _cle: newSecret(), ...fields }).toString(),
  })

/** A person signed in, with dossiers filed in a commune. */
async function unePersonne(place: Collectivite, dossiers: readonly string[]): Promise<string> {
  const id = newId()
  await sql`insert into usager (id, courriel, cree_le, vu_le) values (${id}, ${`${id}@courriel.example`}, ${clock.now()}, ${clock.now()})`.execute(
    app.db.kysely,
  )
  await inTenant(app.db, place.id, async tx => {
    for (const dossier of dossiers)
      await sql`insert into dossier_usager (collectivite_id, usager_id, dossier_id, ajoute_le) values (${place.id}, ${id}, ${dossier}, ${clock.now()})`.execute(
        tx,
      )
  })
  const { cookie } = await openSession(app, app.db.kysely, { nature: 'usager', host: 'localhost', personneId: id })
  return `${sessionCookieName(app, 'usager')}=${cookie.value}`
}

const dossierAt = async (place: Collectivite, location: unknown) => {
  const id = String(location).match(/(?:brouillons|dossiers)\/([^/]+)/)![1]!
  return (await inTenant(app.db, place.id, tx => dossierParId(tx, place.id, id)))!
}

test('who filed in a commune is asked, in another one, whether to take their coordinates again', async () => {
  const filed = await mairie.deposerUn('restauration-scolaire')
  const cookie = await unePersonne(collectivite, [filed])
  const first = await get('/autre/demarches/restauration-scolaire/commencer', cookie)
  assert.match(first.body, /Reprendre vos coordonnées de votre demande du 21 novembre 2026\s\?/)
  assert.doesNotMatch(first.body, /Nombre de repas/, 'what they asked for is not who they are')
  assert.doesNotMatch(first.body.match(/<input[^>]*name="courriel"[^>]*>/)![0], /value="[^"]/, 'nothing is filled in before they say so')
  const cle = newSecret()
  const begun = await post('/autre/demarches/restauration-scolaire/reprise', cookie, { _cle: cle })
  assert.equal(begun.statusCode, 303)
  assert.equal(
    (await post('/autre/demarches/restauration-scolaire/reprise', cookie, { _cle: cle })).headers.location,
    begun.headers.location,
  )
  const draft = await dossierAt(voisine.collectivite, begun.headers.location)
  const source = await dossierAt(collectivite, `/dossiers/${filed}`)
  assert.equal(draft.reponses.champs.courriel, source.reponses.champs.courriel)
  assert.deepEqual(draft.reponses.lignes, {})
  assert.ok(Object.values(draft.provenances).every(text => text === `votre demande ${source.reference} du 21 novembre 2026`))
  assert.deepEqual(Object.keys(draft.provenances).sort(), Object.keys(draft.reponses.champs).sort())
})

test('nobody else is asked anything: without session, without dossier, with a draft only', async () => {
  for (const cookie of ['', await unePersonne(collectivite, [])]) {
    assert.doesNotMatch((await get('/valnoir/demarches/restauration-scolaire/commencer', cookie)).body, /Reprendre vos coordonnées/)
    const begun = await post('/valnoir/demarches/restauration-scolaire/reprise', cookie)
    assert.match(String(begun.headers.location), /\/commencer$/)
  }
})

test('a request made again: its answers and rows, without documents nor commitments, read again by the rules of today', async () => {
  const filed = await mairie.deposerUn('occupation-domaine-public')
  const cookie = await unePersonne(collectivite, [filed])
  const source = await dossierAt(collectivite, `/dossiers/${filed}`)
  assert.match((await get(`/valnoir/dossiers/${filed}`, cookie)).body, /Refaire une demande semblable/)
  clock.set('2027-11-21T09:30:00Z')
  const again = await unePersonne(collectivite, [filed])
  const begun = await post(`/valnoir/dossiers/${filed}/copie`, again)
  assert.match(String(begun.headers.location), /\/verification$/, begun.body)
  const draft = await dossierAt(collectivite, begun.headers.location)
  assert.equal(draft.etat, 'brouillon')
  assert.notEqual(draft.id, source.id)
  const modele = await modelePublie(app.db.kysely, draft.definition)
  assert.deepEqual(piecesDe(modele.formulaire, draft.reponses), [])
  const wrong = await inTenant(app.db, collectivite.id, tx =>
    obstacles(tx, collectivite.id, modele, draft.reponses, envDuDossier(app, collectivite, modele)),
  )
  assert.ok(
    wrong.some(({ champ }) => typeof draft.reponses.champs[champ] === 'string'),
    'a day that is past is told',
  )
  const page = await get(String(begun.headers.location), again)
  assert.match(page.body, new RegExp(`Pré-rempli\\s: votre demande ${source.reference} du 21 novembre 2026`))
  clock.set('2026-11-21T09:30:00Z')
})

test('a closed démarche is not made again, and its dossier does not offer it', async () => {
  const filed = await mairie.deposerUn('acte-etat-civil')
  const cookie = await unePersonne(collectivite, [filed])
  const set = (open: boolean) =>
    inTenant(app.db, collectivite.id, tx =>
      sql`update demarche set est_ouverte = ${open} where collectivite_id = ${collectivite.id} and id = 'acte-etat-civil'`.execute(tx),
    )
  await set(false)
  assert.doesNotMatch((await get(`/valnoir/dossiers/${filed}`, cookie)).body, /Refaire une demande semblable/)
  assert.equal((await post(`/valnoir/dossiers/${filed}/copie`, cookie)).statusCode, 410)
  await set(true)
})

test('the agent reads where an answer that was not typed comes from', async () => {
  const filed = await mairie.deposerUn('restauration-scolaire')
  await inTenant(app.db, collectivite.id, tx =>
    sql`update dossier set provenances = '{"courriel": "indiqué par l’école"}' where collectivite_id = ${collectivite.id} and id = ${filed}`.execute(
      tx,
    ),
  )
  const { body } = await get(`/valnoir/agent/dossiers/${filed}`)
  assert.match(body, /Pré-rempli\s: indiqué par l’école\./)
})
