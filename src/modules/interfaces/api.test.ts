import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import * as z from 'zod'
import { verifyJournal } from '../../platform/audit/journal.ts'
import { inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { createServer } from '../../platform/http/server.ts'
import { newId, newSecret } from '../../platform/ids.ts'
import { demarche, garderDefinition } from '../demarches/index.ts'
import { ouvrirBrouillon } from '../dossiers/commands/brouillon.ts'
import { enregistrerEtiquette } from '../dossiers/commands/etiqueter.ts'
import { garderModele } from '../dossiers/commands/export.ts'
import { purger } from '../dossiers/commands/purger.ts'
import { listeners } from '../dossiers/listeners/index.ts'
import { casEntier } from '../dossiers/queries/cas.ts'
import { evenementsDuDossier } from '../dossiers/queries/dossier.ts'
import { lecturesDuDossier } from '../dossiers/queries/lectures.ts'
import { ouvrirMairie, usager } from '../dossiers/testing.ts'
import { choixDuTexte } from '../dossiers/web/agent/choix.ts'
import { collectiviteDuChemin } from '../territoire/index.ts'
import { ouvrir } from './abonnement.ts'
import { creerJeton, type JetonDemande, revoquerJeton } from './commands/jetons.ts'
import { DROITS, type Droit } from './jeton.ts'
import { jetonParId } from './queries/jetons.ts'
import { operations, statutsDeRefus } from './web/api/openapi.ts'
import { routes } from './web/routes.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const autre = await ouvrirMairie(database, 'autre')
const { app, collectivite, clock } = mairie
const [instructeur, decideur] = mairie.agents
await inTenant(app.db, collectivite.id, tx =>
  sql`insert into habilitation (collectivite_id, agent_id, role, accordee_le) values (${collectivite.id}, ${decideur}, 'decideur', now())`.execute(
    tx,
  ),
)
const server = await createServer(app, routes, {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async () => ({ status: 403, html: '' }),
  errorPage: (_app, _tenant, refusal) => `${refusal.code}: ${refusal.sentence}`,
})
after(() => server.close())

const TOUS = Object.keys(DROITS) as Droit[]

/** A token as its maker copies it. */
async function jeton(more: Partial<JetonDemande> = {}, place = mairie): Promise<{ id: string; secret: string }> {
  const { id: collectiviteId } = place.collectivite
  const demande: JetonDemande = {
    ...{ collectiviteId, nom: 'Logiciel fictif', droits: TOUS, demarches: null, voitReserves: false, reseaux: [], par: instructeur },
    ...{ fin: '2027-11-21', aujourdhui: '2026-11-21' },
    ...more,
  }
  return inTenant(app.db, collectiviteId, async tx => {
    const made = await creerJeton(tx, app, demande)
    assert.ok(made.ok, JSON.stringify(made))
    const row = (await jetonParId(tx, collectiviteId, made.value))!
    return { id: made.value, secret: ouvrir(app.secrets, collectiviteId, row.a_montrer!) }
  })
}

const seen = new Map<string, Set<number>>()
const patternOf = (path: string) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`)
const operationOf = (method: string, path: string) =>
  operations.find(op => op.method === method && patternOf(op.path).test(path.replace(/\?.*/, '').replace(/^\/(valnoir|autre)/, '')))

/** One call; whatever it answers is checked against the OpenAPI document. */
async function appeler(
  secret: string | undefined,
  path: string,
  options: Omit<InjectOptions, 'body'> & { body?: unknown } = {},
): Promise<LightMyRequestResponse> {
  const { body, headers, ...rest } = options
  const method = body === undefined ? 'GET' : 'POST'
  const url = path.startsWith('/autre') ? path : `/valnoir${path}`
  const response = await server.inject({
    method,
    url,
    remoteAddress: '198.51.100.7',
    headers: {
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    ...rest,
  })
  verifierContreLeDocument(method, path, response)
  return response
}

function verifierContreLeDocument(method: string, path: string, response: LightMyRequestResponse): void {
  const op = operationOf(method, path)
  assert.ok(op, `${method} ${path}`)
  const status = response.statusCode
  seen.set(op.id, (seen.get(op.id) ?? new Set()).add(status))
  if (status === 304) return
  const described = leDocument.paths[op.path.replace(/:(\w+)/g, '{$1}')]![method.toLowerCase()]!.responses[status]
  assert.ok(described, `${op.id}: ${status} is not in the document: ${response.body}`)
  if (status === op.statut && op.reponse === 'fichier') return
  const schema = described.content['application/json']!.schema
  const resolved = '$ref' in schema ? leDocument.components.schemas.Refus : schema
  const read = z.fromJSONSchema(resolved as Parameters<typeof z.fromJSONSchema>[0]).safeParse(response.json())
  assert.ok(read.success, `${op.id} ${status}: ${read.error?.message}\n${response.body}`)
}

interface Document {
  openapi: string
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, { content: Record<string, { schema: object }> }> }>>
  components: { schemas: { Refus: object } }
}
const leDocument = (await server.inject({ url: '/valnoir/api/v1/openapi.json' })).json<Document>()

const act = (secret: string, id: string, chemin: string, version: number, body: unknown, key = newSecret().slice(0, 32)) =>
  appeler(secret, `/api/v1/dossiers/${id}/${chemin}`, { body, headers: { 'if-match': `"${version}"`, 'idempotency-key': key } })
const codeOf = (response: LightMyRequestResponse) => response.json<{ code: string }>().code
const journal = async (acteur: string) =>
  (
    await inTenant(app.db, collectivite.id, tx =>
      sql<{
        action: string
        objet: string
      }>`select action, objet from journal where collectivite_id = ${collectivite.id} and acteur = ${acteur} order by rang`.execute(tx),
    )
  ).rows

test('the document is OpenAPI 3.1 and names every route of the API, and no other', () => {
  assert.match(leDocument.openapi, /^3\.1\./)
  const described = Object.entries(leDocument.paths).flatMap(([path, ops]) =>
    Object.keys(ops).map(method => `${method.toUpperCase()} ${path}`),
  )
  const served = routes
    .filter(({ path }) => path.startsWith('/api/v1/') && !path.endsWith('openapi.json'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  assert.deepEqual(described.sort(), served.sort())
  assert.equal(new Set(operations.map(({ id }) => id)).size, operations.length)
})

test('a token: absent, mistyped, unknown, of elsewhere, revoked, ended, out of its network, out of its rights, too eager', async () => {
  const good = await jeton({ droits: ['dossiers.lire'] })
  assert.equal((await appeler(good.secret, '/api/v1/jeton')).statusCode, 200)
  const absent = await appeler(undefined, '/api/v1/jeton')
  assert.deepEqual([absent.statusCode, codeOf(absent)], [401, 'jeton_absent'])
  assert.match(String(absent.headers['www-authenticate']), /^Bearer/)
  const elsewhere = await jeton({}, autre)
  const flipped = good.secret.slice(0, -1) + (good.secret.endsWith('0') ? '1' : '0')
  const bodies = new Set<string>()
  for (const wrong of ['', 'x', flipped, elsewhere.secret, `${good.secret}x`, 'parvis_\u00e9', 'a b']) {
    const response = await appeler(wrong, '/api/v1/jeton')
    assert.deepEqual([response.statusCode, codeOf(response)], [401, 'jeton_inconnu'], wrong)
    bodies.add(response.body)
  }
  assert.equal(bodies.size, 1, 'the same bytes for all that is not known')
  assert.equal((await appeler(good.secret, '/api/v1/jeton', { headers: { authorization: `Basic ${good.secret}` } })).statusCode, 401)
  assert.equal(codeOf(await appeler(good.secret, `/api/v1/dossiers/${newId()}/messages`, { body: { texte: 'x' } })), 'droit_absent')
  const near = await jeton({ reseaux: ['198.51.100.0/24', '2001:db8::/32'] })
  assert.equal((await appeler(near.secret, '/api/v1/jeton')).statusCode, 200)
  assert.equal((await appeler(near.secret, '/api/v1/jeton', { remoteAddress: '2001:db8::9' })).statusCode, 200)
  assert.equal((await appeler(near.secret, '/api/v1/jeton', { remoteAddress: '::ffff:198.51.100.9' })).statusCode, 200)
  for (const remoteAddress of ['203.0.113.1', '2001:db9::1'])
    assert.equal(codeOf(await appeler(near.secret, '/api/v1/jeton', { remoteAddress })), 'reseau_interdit')
  const short = await jeton({ fin: '2026-11-22' })
  clock.set('2026-11-22T22:59:00Z')
  assert.equal((await appeler(short.secret, '/api/v1/jeton')).statusCode, 200, 'the last day is whole')
  clock.set('2026-11-22T23:01:00Z')
  assert.equal(codeOf(await appeler(short.secret, '/api/v1/jeton')), 'jeton_expire')
  clock.set('2026-11-21T09:30:00Z')
  await inTenant(app.db, collectivite.id, tx => revoquerJeton(tx, app, { collectiviteId: collectivite.id, id: good.id, par: instructeur }))
  assert.equal(codeOf(await appeler(good.secret, '/api/v1/jeton')), 'jeton_revoque')
  const eager = await jeton()
  await inTenant(app.db, collectivite.id, tx =>
    sql`update jeton_api set minute_depuis = ${clock.now()}, minute_appels = 599 where collectivite_id = ${collectivite.id} and id = ${eager.id}`.execute(
      tx,
    ),
  )
  assert.equal((await appeler(eager.secret, '/api/v1/jeton')).statusCode, 200)
  const refused = await appeler(eager.secret, '/api/v1/jeton')
  assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [429, '60'])
  clock.set('2026-11-21T09:31:01Z')
  assert.equal((await appeler(eager.secret, '/api/v1/jeton')).statusCode, 200, 'a minute later')
})

test('a token is nowhere in clear once it was used', async () => {
  const one = await jeton()
  await appeler(one.secret, '/api/v1/jeton')
  const { rows } = await inTenant(app.db, collectivite.id, tx =>
    sql<{
      t: string
      a_montrer: Buffer | null
    }>`select j::text as t, a_montrer from jeton_api j where collectivite_id = ${collectivite.id}`.execute(tx),
  )
  assert.ok(!rows.some(({ t }) => t.includes(one.secret)))
  assert.equal((await inTenant(app.db, collectivite.id, tx => jetonParId(tx, collectivite.id, one.id)))!.a_montrer, null)
})

test('dossiers are listed in pages, read with their labels, and every reading is in the journal', async () => {
  const ids = [await mairie.deposerUn(), await mairie.deposerUn('occupation-domaine-public'), await mairie.deposerUn()]
  const all = await jeton()
  const found: string[] = []
  let url = '/api/v1/dossiers?limite=2'
  for (;;) {
    const { dossiers, suivant } = (await appeler(all.secret, url)).json<{ dossiers: { id: string }[]; suivant: string | null }>()
    found.push(...dossiers.map(({ id }) => id))
    if (!suivant) break
    url = `/api/v1/dossiers?limite=2&curseur=${suivant}`
  }
  for (const id of ids) assert.equal(found.filter(one => one === id).length, 1)
  const read = await appeler(all.secret, `/api/v1/dossiers/${ids[0]}`)
  assert.equal(read.statusCode, 200)
  const body = read.json<{ sections: { reponses: { libelle: string; texte: string }[] }[]; annotations: unknown; historique: unknown[] }>()
  assert.ok(body.sections.flatMap(({ reponses }) => reponses).some(({ libelle, texte }) => libelle && texte))
  assert.ok(body.annotations)
  assert.equal(body.historique.length, 2)
  const etag = String(read.headers.etag)
  assert.equal((await appeler(all.secret, `/api/v1/dossiers/${ids[0]}`, { headers: { 'if-none-match': etag } })).statusCode, 304)
  const lines = await journal(`api:${all.id}`)
  assert.equal(lines.filter(({ action }) => action === 'dossier.lire').length, 1, 'not known again is not read again')
  assert.ok(lines.some(({ action }) => action === 'api.lire'))
  const plain = await jeton({ droits: ['dossiers.lire'] })
  assert.equal((await appeler(plain.secret, `/api/v1/dossiers/${ids[0]}`)).json<{ annotations?: unknown }>().annotations, undefined)
  const filtered = (await appeler(all.secret, '/api/v1/dossiers?demarche=occupation-domaine-public&etat=en_construction')).json<{
    dossiers: { id: string; demarche: string }[]
  }>()
  assert.ok(filtered.dossiers.length > 0 && filtered.dossiers.every(({ demarche }) => demarche === 'occupation-domaine-public'))
  assert.deepEqual((await appeler(all.secret, '/api/v1/dossiers?modifieDepuis=2030-01-01T00:00:00Z')).json<{ dossiers: [] }>().dossiers, [])
  for (const query of [
    'limite=0',
    'limite=101',
    'limite=x',
    'etat=brouillon',
    'etat=x',
    'inconnu=1',
    'modifieDepuis=hier',
    'demarche=../x',
    'etat=accepte&etat=refuse',
  ])
    assert.equal(codeOf(await appeler(all.secret, `/api/v1/dossiers?${query}`)), 'requete_invalide', query)
  for (const curseur of [
    'x',
    'bnVsbA',
    Buffer.from('["2026-11-21T09:30:00.000000Z","x"]').toString('base64url'),
    Buffer.from(`["2026-13-41T09:30:00.000000Z","${newId()}"]`).toString('base64url'),
    'e30',
  ])
    assert.equal(codeOf(await appeler(all.secret, `/api/v1/dossiers?curseur=${curseur}`)), 'curseur_illisible', curseur)
  const future = Buffer.from(JSON.stringify(['2027-01-01T00:00:00.000000Z', newId()])).toString('base64url')
  assert.equal(codeOf(await appeler(all.secret, `/api/v1/dossiers?curseur=${future}`)), 'curseur_futur')
})

test('out of its démarches, of another collectivité, of a reserved service, hidden, a draft: unknown, all alike', async () => {
  const [cantine, voirie, foreign] = [
    await mairie.deposerUn(),
    await mairie.deposerUn('occupation-domaine-public'),
    await autre.deposerUn(),
  ]
  const narrow = await jeton({ demarches: ['restauration-scolaire'] })
  const bodies = new Set<string>()
  const unknown = async (secret: string, id: string) => {
    const response = await appeler(secret, `/api/v1/dossiers/${id}`)
    assert.equal(response.statusCode, 404)
    bodies.add(response.body)
  }
  assert.equal((await appeler(narrow.secret, `/api/v1/dossiers/${cantine}`)).statusCode, 200)
  for (const id of [voirie, foreign, newId(), 'x']) await unknown(narrow.secret, id)
  const { dossiers } = (await appeler(narrow.secret, '/api/v1/dossiers')).json<{ dossiers: { demarche: string }[] }>()
  assert.ok(dossiers.length > 0 && dossiers.every(({ demarche }) => demarche === 'restauration-scolaire'))
  const acted = await act(narrow.secret, voirie, 'instruction', 2, {})
  assert.equal(acted.statusCode, 404)
  const [open, reserved] = [await jeton(), await jeton({ voitReserves: true })]
  await inTenant(app.db, collectivite.id, async tx => {
    await sql`insert into equipe (collectivite_id, service, reservee, creee_le) select ${collectivite.id}, service, true, now() from dossier where collectivite_id = ${collectivite.id} and id = ${cantine}`.execute(
      tx,
    )
  })
  await unknown(open.secret, cantine)
  assert.equal((await appeler(reserved.secret, `/api/v1/dossiers/${cantine}`)).statusCode, 200)
  const changes = async (secret: string) =>
    (await appeler(secret, '/api/v1/changements?limite=500')).json<{ changements: { dossier: { id: string } }[] }>().changements
  assert.ok((await changes(reserved.secret)).some(({ dossier }) => dossier.id === cantine))
  assert.ok(!(await changes(open.secret)).some(({ dossier }) => dossier.id === cantine))
  await inTenant(app.db, collectivite.id, async tx => {
    await sql`delete from equipe where collectivite_id = ${collectivite.id}`.execute(tx)
    await sql`update dossier set cache_le = now() where collectivite_id = ${collectivite.id} and id = ${voirie}`.execute(tx)
  })
  await unknown(open.secret, voirie)
  assert.equal(bodies.size, 1, 'the same bytes')
})

test('a program handles a dossier to its end, by the same rules as an agent', async () => {
  const id = await mairie.deposerUn()
  const { id: tokenId, secret } = await jeton()
  const ok = async (response: LightMyRequestResponse, etat: string, version: number) =>
    assert.deepEqual(response.json(), { id, etat, version }, response.body)
  const decider = `${decideur}@valnoir.example`
  assert.equal(codeOf(await act(secret, id, 'acceptation', 2, { agent: decider })), 'etat_change', 'out of turn')
  const key = newSecret().slice(0, 32)
  await ok(await act(secret, id, 'instruction', 2, {}, key), 'en_instruction', 3)
  await ok(await act(secret, id, 'instruction', 2, {}, key), 'en_instruction', 3)
  assert.equal(codeOf(await act(secret, id, 'instruction', 2, { agent: decider }, key)), 'cle_autre')
  assert.equal(codeOf(await act(secret, id, 'retour', 2, {})), 'version_perimee')
  const path = `/api/v1/dossiers/${id}/retour`
  assert.equal(codeOf(await appeler(secret, path, { body: {}, headers: { 'idempotency-key': key } })), 'version_absente')
  assert.equal(codeOf(await appeler(secret, path, { body: {}, headers: { 'if-match': '*', 'idempotency-key': key } })), 'version_absente')
  assert.equal(codeOf(await appeler(secret, path, { body: {}, headers: { 'if-match': '3' } })), 'cle_absente')
  await ok(await act(secret, id, 'attribution', 3, { agent: decider.toUpperCase() }), 'en_instruction', 4)
  assert.equal(codeOf(await act(secret, id, 'attribution', 4, { agent: 'nul@valnoir.example' })), 'agent_impossible')
  assert.equal(codeOf(await act(secret, id, 'service', 4, { service: 'Nulle part', motif: 'x' })), 'service_inconnu')
  const correction = { motif: 'incorrect', message: 'Le nom diffère.', champs: ['responsableNom'], echeance: '2026-12-20' }
  assert.equal(codeOf(await act(secret, id, 'corrections', 4, { ...correction, champs: ['nulle'] })), 'champ_inconnu')
  assert.equal(codeOf(await act(secret, id, 'corrections', 4, { ...correction, echeance: '2020-01-01' })), 'echeance_passee')
  assert.equal(codeOf(await act(secret, id, 'corrections', 4, { ...correction, echeance: '2026-02-30' })), 'corps_invalide')
  await ok(await act(secret, id, 'messages', 4, { texte: 'Bonjour\u0000 \u202eMadame' }), 'en_instruction', 5)
  assert.equal(codeOf(await act(secret, id, 'messages', 5, { texte: '\u0000' })), 'corps_invalide')
  assert.equal(codeOf(await act(secret, id, 'refus', 5, { agent: decider })), 'corps_invalide', 'a refusal has its reason')
  assert.equal(codeOf(await act(secret, id, 'acceptation', 5, { agent: `${instructeur}@valnoir.example` })), 'decideur_impossible')
  await ok(await act(secret, id, 'acceptation', 5, { agent: decideur, motif: 'Place au réfectoire.' }), 'accepte', 6)
  await reagir(id)
  const read = (await appeler(secret, `/api/v1/dossiers/${id}`)).json<{
    agent: { id: string }
    messages: { de: string; texte: string }[]
    documents: { id: string; nature: string }[]
    historique: { auteur: string; evenement: string }[]
  }>()
  assert.equal(read.agent.id, decideur)
  assert.deepEqual(
    read.messages.map(({ de, texte }) => [de, texte]),
    [['collectivite', 'Bonjour Madame']],
  )
  assert.ok(read.historique.slice(2).every(({ auteur }) => auteur === 'api'))
  const decision = read.documents.find(({ nature }) => nature === 'decision')!
  const file = await appeler(secret, `/api/v1/dossiers/${id}/documents/${decision.id}`)
  assert.equal(file.statusCode, 200)
  assert.equal(file.rawPayload.subarray(0, 5).toString(), '%PDF-')
  assert.equal((await appeler(secret, `/api/v1/dossiers/${id}/documents/${newId()}`)).statusCode, 404)
  assert.equal((await appeler(secret, `/api/v1/dossiers/${id}/pieces/${newId()}`)).statusCode, 404)
  assert.equal((await appeler(secret, `/api/v1/dossiers/${id}/messages`)).statusCode, 200)
  await ok(await act(secret, id, 'reouverture', 6, { motif: 'Une pièce manquait.', agent: decideur }), 'en_instruction', 7)
  const acts = (await journal(`api:${tokenId}`)).map(({ action }) => action)
  for (const action of [
    'dossier.prendre_en_instruction',
    'dossier.ecrire',
    'dossier.accepter',
    'document.lire',
    'dossier.lire',
    'dossier.rouvrir',
  ])
    assert.ok(acts.includes(action), action)
  assert.ok((await verifyJournal(app.db, collectivite.id)).isIntact)
})

/** The listeners of what just happened, as the worker runs them. */
async function reagir(dossierId: string): Promise<void> {
  const events = await inTenant(app.db, collectivite.id, tx => evenementsDuDossier(tx, collectivite.id, dossierId))
  const decided = events.find(({ nature }) => nature === 'accepter')!
  for (const listener of listeners.filter(({ on }) => on === 'dossier-decide'))
    await listener.handle(app, mairie.evenement('dossier-decide', dossierId, decided.rang))
  const { rows } = await inTenant(app.db, collectivite.id, tx =>
    sql<{ texte: string }>`select texte from envoi where collectivite_id = ${collectivite.id} and dossier_id = ${dossierId}`.execute(tx),
  )
  assert.ok(rows.length > 0, 'the person is told')
}

test('put back, corrected, passed on, refused, closed: each act leaves the dossier where an agent would', async () => {
  const { secret } = await jeton()
  const etatDe = async (response: LightMyRequestResponse) => {
    assert.equal(response.statusCode, 200, response.body)
    return response.json<{ etat: string }>().etat
  }
  const one = await mairie.deposerUn()
  assert.equal(await etatDe(await act(secret, one, 'instruction', 2, { agent: instructeur })), 'en_instruction')
  assert.equal(await etatDe(await act(secret, one, 'retour', 3, { motif: 'Pris par erreur' })), 'en_construction')
  await inTenant(app.db, collectivite.id, tx =>
    sql`insert into equipe (collectivite_id, service, creee_le) values (${collectivite.id}, 'Service fictif', now())`.execute(tx),
  )
  assert.equal(
    await etatDe(await act(secret, one, 'service', 4, { service: 'Service fictif', motif: 'C’est le leur.' })),
    'en_construction',
  )
  const correction = { motif: 'incomplet', message: 'Il manque le nom.', champs: ['responsableNom'], echeance: '2026-12-20' }
  assert.equal(await etatDe(await act(secret, one, 'corrections', 5, correction)), 'en_construction')
  assert.equal(codeOf(await act(secret, one, 'instruction', 6, {})), 'correction_en_attente')
  const read = (await appeler(secret, `/api/v1/dossiers/${one}`)).json<{
    correctionEnAttente: boolean
    service: string
    corrections: { champs: string[] }[]
    agent: { id: string } | null
  }>()
  assert.deepEqual([read.correctionEnAttente, read.service, read.corrections[0]?.champs], [true, 'Service fictif', ['responsableNom']])
  assert.equal(read.agent, null, 'a program puts nobody in charge by itself')
  for (const [chemin, etat] of [
    ['refus', 'refuse'],
    ['classement', 'sans_suite'],
  ] as const) {
    const id = await mairie.deposerUn()
    await act(secret, id, 'instruction', 2, {})
    assert.equal(await etatDe(await act(secret, id, chemin, 3, { agent: decideur, motif: 'Faute de place.' })), etat)
  }
})

test('annotations and labels: all or none, read with their right, and the questions of agents known only with it', async () => {
  const { secret } = await jeton()
  const plain = await jeton({ droits: ['dossiers.lire', 'demarches.lire', 'dossiers.agir'] })
  const id = await inTenant(app.db, collectivite.id, async tx => {
    const { modele } = (await demarche(tx, collectivite.id, 'occupation-domaine-public'))!
    const etape = {
      ...{ id: 'constat', titre: 'Constat du service', reservee: true as const },
      champs: [
        { id: 'constatVisite', type: 'oui_non' as const, libelle: 'Visite faite' },
        { id: 'constatLe', type: 'date' as const, libelle: 'Jour de la visite', obligatoire: false },
      ],
    }
    const empreinte = await garderDefinition(tx, {
      ...modele,
      formulaire: { ...modele.formulaire, etapes: [...modele.formulaire.etapes, etape] },
    })
    await sql`update demarche set empreinte = ${empreinte} where collectivite_id = ${collectivite.id} and id = 'occupation-domaine-public'`.execute(
      tx,
    )
    const made = await enregistrerEtiquette(
      app,
      tx,
      { collectiviteId: collectivite.id, par: instructeur },
      { nom: 'Visite', ton: 'info', delaiJours: 5, enJoursOuvres: false },
    )
    assert.ok(made.ok)
    return ''
  }).then(() => mairie.deposerUn('occupation-domaine-public'))
  const annoter = (valeurs: unknown, version: number) => act(secret, id, 'annotations', version, { valeurs })
  const read = async (token = secret) =>
    (await appeler(token, `/api/v1/dossiers/${id}`)).json<{
      version: number
      annotations?: { champs: object }
      etiquettes: { nom: string; echeance: string }[]
    }>()
  assert.equal((await annoter({ constatVisite: 'oui', constatLe: '20/11/2026' }, 2)).json<{ version: number }>().version, 3)
  assert.deepEqual((await read()).annotations?.champs, { constatVisite: true, constatLe: '2026-11-20' })
  assert.equal((await read(plain.secret)).annotations, undefined)
  for (const wrong of [
    {},
    { responsableNom: 'X' },
    { inconnue: 1 },
    { constatLe: null, constatVisite: 'peut-être' },
    { constatLe: '31/02/2026' },
  ])
    assert.equal(codeOf(await annoter(wrong, 3)), 'annotation_refusee', JSON.stringify(wrong))
  assert.deepEqual((await read()).annotations?.champs, { constatVisite: true, constatLe: '2026-11-20' }, 'none of those refused')
  assert.equal((await annoter({ constatLe: null }, 3)).statusCode, 200)
  assert.deepEqual((await read()).annotations?.champs, { constatVisite: true })
  assert.equal(codeOf(await act(secret, id, 'etiquettes', 4, { etiquette: 'Inconnue' })), 'etiquette_inconnue')
  assert.equal((await act(secret, id, 'etiquettes', 4, { etiquette: 'Visite' })).statusCode, 200)
  assert.deepEqual(
    (await read()).etiquettes.map(({ nom, echeance }) => [nom, echeance]),
    [['Visite', '2026-11-26']],
  )
  assert.equal((await act(secret, id, 'etiquettes/retrait', 5, { etiquette: 'Visite' })).statusCode, 200)
  const revision = '/api/v1/demarches/occupation-domaine-public/revisions/1'
  assert.ok((await appeler(secret, revision)).body.includes('constatVisite'))
  for (const open of [revision, '/api/v1/demarches/occupation-domaine-public'])
    assert.ok(!(await appeler(plain.secret, open)).body.includes('constatVisite'))
})

test('two programs at once on the same version: one acts, the other is told', async () => {
  const id = await mairie.deposerUn()
  const { secret } = await jeton()
  const both = await Promise.all([act(secret, id, 'instruction', 2, {}), act(secret, id, 'instruction', 2, {})])
  assert.deepEqual(both.map(({ statusCode }) => statusCode).sort(), [200, 412], both.map(({ body }) => body).join())
})

test('the feed: in the order of the journal, without a gap under writers at once; a cursor from the future or ill-written is refused', async () => {
  const { secret } = await jeton()
  type Page = { changements: { sequence: number; nature: string; dossier: { id: string } }[]; curseur: string; fin: boolean }
  const page = async (apres: string, limite = 7) =>
    (await appeler(secret, `/api/v1/changements?apres=${apres}&limite=${limite}`)).json<Page>()
  const head = async () => {
    let at = '0'
    for (;;) {
      const { curseur, fin } = await page(at, 500)
      at = curseur
      if (fin) return at
    }
  }
  let cursor = await head()
  const ids = await Promise.all(Array.from({ length: 8 }, () => mairie.deposerUn()))
  const found: Page['changements'] = []
  let isWriting = true
  const reading = (async () => {
    for (;;) {
      const done = !isWriting
      const { changements, curseur, fin } = await page(cursor)
      found.push(...changements)
      cursor = curseur
      if (fin && done) return
    }
  })()
  await Promise.all(
    ids.map(async (id, i) => {
      await mairie.agir(id, cas => import('../dossiers/index.ts').then(({ programmes }) => programmes.prendreEnInstruction(cas)))
      for (let k = 0; k < 5; k++)
        await mairie.agir(id, cas => import('../dossiers/index.ts').then(({ programmes }) => programmes.ecrire(cas, `Message ${i}.${k}`)))
    }),
  )
  isWriting = false
  await reading
  assert.deepEqual(
    found.map(({ sequence }) => sequence),
    found.map(({ sequence }) => sequence).sort((a, b) => a - b),
  )
  for (const id of ids)
    assert.deepEqual(
      found.filter(({ dossier }) => dossier.id === id).map(({ nature }) => nature),
      ['deposer', 'prendre_en_instruction', ...Array(5).fill('ecrire')],
    )
  assert.ok(!JSON.stringify(found).includes('Camille'))
  const future = await appeler(secret, '/api/v1/changements?apres=999999999')
  assert.deepEqual([future.statusCode, codeOf(future)], [409, 'curseur_futur'])
  for (const bad of ['-1', '1.5', 'x', '1e3', '99999999999999999999', '007', '%00'])
    assert.equal((await appeler(secret, `/api/v1/changements?apres=${bad}`)).statusCode, 400, bad)
})

test('a cursor of the list that we never gave is refused, whatever its instant', async () => {
  const { secret } = await jeton()
  const cursor = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url')
  for (const bad of [
    cursor('2026-02-30T00:00:00.000000Z', newId()),
    cursor('0000-01-01T00:00:00.000000Z', newId()),
    cursor('2026-01-01T24:00:00.000000Z', newId()),
    cursor('2026-01-01T00:00:60.000000Z', newId()),
    cursor('2026-01-01T00:00:00.000000Z', 'x'),
    cursor('2026-01-01T00:00:00.000000Z'),
    cursor(),
    'x',
  ]) {
    const answer = await appeler(secret, `/api/v1/dossiers?curseur=${bad}`)
    assert.deepEqual([answer.statusCode, codeOf(answer)], [400, 'curseur_illisible'], bad)
  }
})

test('a partner has its own share of prepared answers, which callers without a token cannot use up', async () => {
  const partner = await jeton({ droits: ['pre-remplissages.creer'], demarches: ['restauration-scolaire'] })
  const body = { valeurs: { responsableNom: 'Exemple' } }
  const path = '/api/v1/demarches/restauration-scolaire/pre-remplissages'
  await sql`insert into tentative (cle, depuis, nombre) values (${`pre-remplissage|${collectivite.id}`}, ${clock.now()}, 200)`.execute(
    app.db.kysely,
  )
  assert.equal(codeOf(await appeler(undefined, path, { body })), 'trop_pre_remplissages')
  assert.equal((await appeler(partner.secret, path, { body })).statusCode, 201)
  assert.equal(codeOf(await appeler('parvis_x', path, { body })), 'jeton_inconnu', 'a wrong token is not taken for none')
  assert.equal(
    (await appeler(partner.secret, path.replace('restauration-scolaire', 'occupation-domaine-public'), { body })).statusCode,
    404,
  )
  const reader = await jeton({ droits: ['dossiers.lire'] })
  assert.equal(codeOf(await appeler(reader.secret, path, { body })), 'droit_absent')
  assert.deepEqual(
    (await journal(`api:${partner.id}`)).map(({ action }) => action),
    ['demarche.pre-remplir'],
  )
})

test('a revision is read even when the démarche is closed', async () => {
  const { secret } = await jeton()
  assert.equal((await appeler(secret, '/api/v1/demarches')).statusCode, 200)
  assert.equal((await appeler(secret, '/api/v1/demarches/restauration-scolaire')).statusCode, 200)
  await inTenant(app.db, collectivite.id, tx =>
    sql`update demarche set est_ouverte = false where collectivite_id = ${collectivite.id} and id = 'acte-etat-civil'`.execute(tx),
  )
  assert.equal((await appeler(secret, '/api/v1/demarches/acte-etat-civil')).statusCode, 410)
  assert.equal((await appeler(secret, '/api/v1/demarches/acte-etat-civil/revisions/1')).json<{ id: string }>().id, 'acte-etat-civil')
  for (const numero of ['2', '0', 'x', '999999999999'])
    assert.equal((await appeler(secret, `/api/v1/demarches/acte-etat-civil/revisions/${numero}`)).statusCode, 404)
})

const purgerUn = (id: string) =>
  inTenant(app.db, collectivite.id, async tx => {
    const cas = (await casEntier(app, tx, collectivite, id, { nature: 'systeme', id: null, canal: 'web' }, true))!
    await purger(cas, 'conservation')
  })

test('who read a dossier: a page of the list by a program is among the readings of each person of the page', async () => {
  const [id, other] = [await mairie.deposerUn('occupation-domaine-public'), await mairie.deposerUn('restauration-scolaire')]
  const one = await jeton({ droits: ['dossiers.lire'], demarches: ['occupation-domaine-public'] })
  assert.equal((await appeler(one.secret, `/api/v1/dossiers?modifieDepuis=${clock.now().toISOString()}`)).statusCode, 200)
  const readings = (dossier: string) => inTenant(app.db, collectivite.id, tx => lecturesDuDossier(tx, collectivite.id, dossier))
  const mine = (await readings(id)).map(({ nature, par }) => [nature, par])
  assert.deepEqual(mine, [['api', 'api']])
  assert.deepEqual(await readings(other), [], 'not in what the token sees')
})

test('an erasure is told in the feed, with an id and a date: to who saw the dossier, and never of a draft', async () => {
  const { secret } = await jeton()
  const elsewhere = await jeton({ demarches: ['restauration-scolaire'] })
  const id = await mairie.deposerUn('occupation-domaine-public')
  const feed = async (token: string, apres: string) =>
    (await appeler(token, `/api/v1/changements?apres=${apres}&limite=500`)).json<{
      changements: { sequence: number; nature: string; dossier: object; version: unknown }[]
      curseur: string
      fin: boolean
    }>()
  const { curseur } = await feed(secret, '0')
  const draft = await inTenant(app.db, collectivite.id, async tx => {
    const offre = (await demarche(tx, collectivite.id, 'restauration-scolaire'))!
    return (await ouvrirBrouillon(app, tx, collectivite.id, offre, { champs: {}, lignes: {} }, usager)).id
  })
  await purgerUn(draft)
  await purgerUn(id)
  const told = await feed(secret, curseur)
  assert.deepEqual(
    told.changements.map(({ nature, dossier, version }) => [nature, dossier, version]),
    [['effacer', { id, reference: null }, null]],
  )
  assert.ok(Number(told.curseur) >= told.changements[0]!.sequence && told.fin)
  assert.deepEqual((await feed(secret, told.curseur)).changements, [])
  assert.deepEqual((await feed(elsewhere.secret, curseur)).changements, [])
  // A page of one: nothing is skipped between an event and an erasure.
  const after = await mairie.deposerUn()
  const seenNatures: string[] = []
  for (let at = curseur; ; ) {
    const page = (await appeler(secret, `/api/v1/changements?apres=${at}&limite=1`)).json<Awaited<ReturnType<typeof feed>>>()
    seenNatures.push(...page.changements.map(({ nature }) => nature))
    at = page.curseur
    if (page.fin) break
  }
  assert.deepEqual(seenNatures, ['effacer', 'deposer'], after)
  const told2 = await sql<{ charge: { nature: string; sujetId: string } }>`select charge from sortie`.execute(app.db.kysely)
  assert.ok(told2.rows.some(({ charge }) => charge.nature === 'dossier-efface' && charge.sujetId === id))
  assert.ok(!told2.rows.some(({ charge }) => charge.sujetId === draft))
})

test('a decision and its reopening name a décideur: of here, or of elsewhere by a delegation that runs, as long as they work there', async () => {
  const { secret } = await jeton()
  const delegue = newId()
  await inTenant(app.db, autre.collectivite.id, async tx => {
    await sql`insert into agent (id, courriel, nom, cree_le) values (${delegue}, ${`${delegue}@autre.example`}, 'Délégué Fictif', now())`.execute(
      tx,
    )
    await sql`insert into habilitation (collectivite_id, agent_id, role, accordee_le) values (${autre.collectivite.id}, ${delegue}, 'instructeur', now())`.execute(
      tx,
    )
  })
  const deleguer = (roles: string[]) =>
    inTenant(app.db, collectivite.id, tx =>
      sql`insert into delegation (collectivite_id, id, agent_id, roles, demarche_id, service, du, au, motif, accordee_le, accordee_par)
        values (${collectivite.id}, ${newId()}, ${delegue}, ${roles}, 'restauration-scolaire', null, '2026-11-01', '2026-12-31', 'Remplacement', now(), ${instructeur})`.execute(
        tx,
      ),
    )
  const id = await mairie.deposerUn()
  assert.equal((await act(secret, id, 'instruction', 2, {})).statusCode, 200)
  const accepter = (agent: string, version = 3) => act(secret, id, 'acceptation', version, { agent })
  assert.equal(codeOf(await accepter(delegue)), 'decideur_impossible')
  await deleguer(['instructeur'])
  assert.equal(codeOf(await accepter(delegue)), 'decideur_impossible', 'delegated to instruct only')
  await deleguer(['decideur'])
  assert.equal((await accepter(delegue)).statusCode, 200)
  assert.equal(codeOf(await act(secret, id, 'reouverture', 4, { motif: 'Erreur.' })), 'corps_invalide')
  assert.equal(codeOf(await act(secret, id, 'reouverture', 4, { motif: 'Erreur.', agent: instructeur })), 'decideur_impossible')
  assert.equal((await act(secret, id, 'reouverture', 4, { motif: 'Erreur.', agent: delegue })).statusCode, 200)
  await inTenant(app.db, autre.collectivite.id, tx =>
    sql`update habilitation set retiree_le = now() where collectivite_id = ${autre.collectivite.id} and agent_id = ${delegue}`.execute(tx),
  )
  assert.equal(codeOf(await accepter(delegue, 5)), 'decideur_impossible', 'left their own collectivité')
})

test('a shared export is read as it is written: what the token sees, without annotations that it may not read, told to each person; its own right and share', async () => {
  const id = await mairie.deposerUn('occupation-domaine-public')
  await mairie.deposerUn('restauration-scolaire')
  const garder = (nom: string, estPartage: boolean, colonnes: string[], demarcheId = '') =>
    inTenant(app.db, collectivite.id, async tx => {
      const choix = choixDuTexte(`etat=tous&demarche=${demarcheId}`)
      const format = { format: 'csv' as const, colonnes, repetitions: 'jointes' as const }
      const made = await garderModele({ app, tx, collectiviteId: collectivite.id, agent: { id: instructeur } } as never, {
        nom,
        estPartage,
        choix,
        format,
      })
      assert.ok(made.ok)
      return made.value
    })
  const shared = await garder('Tout', true, ['reference', 'demarche', 'etat'])
  const own = await garder('À moi', false, ['reference'])
  const { secret, id: tokenId } = await jeton({ droits: ['exports.lire'], demarches: ['occupation-domaine-public'] })
  const { exports: offered } = (await appeler(secret, '/api/v1/exports')).json<{ exports: { id: string }[] }>()
  assert.ok(offered.some(one => one.id === shared) && !offered.some(one => one.id === own))
  const file = await appeler(secret, `/api/v1/exports/${shared}`)
  assert.equal(file.statusCode, 200, file.body)
  assert.match(String(file.headers['content-disposition']), /attachment; filename=.*\.csv/)
  const lines = file.body.trim().split('\r\n').slice(1)
  assert.ok(lines.length > 0 && lines.every(line => line.includes('place publique')), file.body)
  const readings = await inTenant(app.db, collectivite.id, tx => lecturesDuDossier(tx, collectivite.id, id))
  assert.deepEqual(readings.map(({ nature, par }) => [nature, par])[0], ['export', 'api'])
  for (const unknown of [own, newId(), 'x']) assert.equal((await appeler(secret, `/api/v1/exports/${unknown}`)).statusCode, 404, unknown)
  const reader = await jeton({ droits: ['dossiers.lire'] })
  assert.equal(codeOf(await appeler(reader.secret, `/api/v1/exports/${shared}`)), 'droit_absent')
  await sql`update tentative set nombre = 60 where cle = ${`export|${tokenId}`}`.execute(app.db.kysely)
  assert.equal(codeOf(await appeler(secret, `/api/v1/exports/${shared}`)), 'trop_exports')
  // Of agents alone: with their right, a column; without it, nothing is left to read.
  const { definition } = (await inTenant(app.db, collectivite.id, tx => demarche(tx, collectivite.id, 'occupation-domaine-public')))!
  assert.ok(definition)
  const notes = await garder('Constats', true, ['c.constatVisite'], 'occupation-domaine-public')
  const both = await jeton({ droits: ['exports.lire', 'annotations.lire'] })
  assert.equal((await appeler(both.secret, `/api/v1/exports/${notes}`)).statusCode, 200)
  const without = await jeton({ droits: ['exports.lire'] })
  assert.equal(codeOf(await appeler(without.secret, `/api/v1/exports/${notes}`)), 'export_illisible')
})

test('every operation was called, and none answered what its document does not say', () => {
  assert.deepEqual(
    operations.filter(({ id, statut }) => !seen.get(id)?.has(statut) && id !== 'telechargerPiece').map(({ id }) => id),
    [],
  )
  for (const op of operations)
    for (const status of seen.get(op.id) ?? []) assert.ok([op.statut, 304, ...statutsDeRefus(op)].includes(status), `${op.id} ${status}`)
})
