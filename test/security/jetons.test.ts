import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ouvrir } from '../../src/modules/interfaces/abonnement.ts'
import { creerJeton } from '../../src/modules/interfaces/commands/jetons.ts'
import { DROITS, type Droit } from '../../src/modules/interfaces/jeton.ts'
import { jetonParId } from '../../src/modules/interfaces/queries/jetons.ts'
import { operations } from '../../src/modules/interfaces/web/api/openapi.ts'
import type { Collectivite } from '../../src/modules/territoire/index.ts'
import { inTenant } from '../../src/platform/db/open.ts'
import { newId } from '../../src/platform/ids.ts'
import { IDENTITES, ouvrirMonde } from './monde.ts'
import { urlDe } from './routes.ts'

const monde = await ouvrirMonde()
const { app, a, b } = monde
const DROITS_CONNUS = Object.keys(DROITS) as Droit[]

/** A token of a commune with these rights. */
const jeton = (place: Collectivite, droits: readonly Droit[], demarches: readonly string[] | null = null): Promise<string> =>
  inTenant(app.db, place.id, async tx => {
    const made = await creerJeton(tx, app, {
      ...{ collectiviteId: place.id, nom: 'Logiciel fictif', droits, demarches, voitReserves: true, reseaux: [] },
      ...{ fin: '2027-01-01', aujourdhui: '2026-11-21', par: monde.agents.administrateur.id },
    })
    assert.ok(made.ok)
    return ouvrir(app.secrets, place.id, (await jetonParId(tx, place.id, made.value))!.a_montrer!)
  })

const deTokens = operations.filter(({ droit }) => droit !== 'public')
const siens = { dossiers: monde.siens, objets: monde.objets.a, agent: '', envoi: '', isKnown: true }
const ailleurs = { ...siens, dossiers: monde.ailleurs }
const inconnu = { id: newId(), piece: newId(), document: newId() }
const nulle = { ...siens, dossiers: { brouillon: inconnu, depose: inconnu, correction: inconnu } }

async function appeler(op: (typeof operations)[number], cible: typeof siens, headers: Record<string, string>) {
  const response = await monde.demander({
    method: op.method,
    url: urlDe(op.route, a.base, cible),
    ...(op.method === 'POST' ? { payload: '{}' } : {}),
    headers: {
      'sec-fetch-site': undefined,
      ...(op.method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': newId(), 'if-match': '"1"' } : {}),
      ...headers,
    },
  })
  return {
    status: response.statusCode,
    body: response.body,
    code: response.statusCode < 400 ? '' : (response.json<{ code?: string }>().code ?? ''),
  }
}

test('a token opens what its rights say, and nothing else, in its own commune', async () => {
  assert.ok(deTokens.length > 15)
  const tokens = new Map<Droit, string>()
  for (const droit of DROITS_CONNUS) tokens.set(droit, await jeton(a, [droit]))
  const tout = await jeton(a, DROITS_CONNUS)
  const foreign = await jeton(b, DROITS_CONNUS)
  const before = await monde.empreinte()
  for (const op of deTokens) {
    for (const identite of IDENTITES) {
      const { code } = await appeler(op, siens, { cookie: monde.identites[identite] })
      assert.equal(code, 'jeton_absent', `${op.id}: ${identite}`)
    }
    assert.equal((await appeler(op, siens, { authorization: `Bearer ${foreign}` })).code, 'jeton_inconnu', op.id)
    if (op.method === 'POST')
      assert.equal(
        (await appeler(op, siens, { authorization: `Bearer ${tout}`, 'sec-fetch-site': 'cross-site' })).code,
        'autre_site',
        op.id,
      )
    for (const [droit, token] of tokens) {
      const { status, code } = await appeler(op, siens, { authorization: `Bearer ${token}` })
      const opens = op.droit === null || op.droit === droit
      assert.equal(code === 'droit_absent', !opens, `${op.id} with ${droit}: ${status} ${code}`)
      if (opens) assert.ok(![401, 403, 500].includes(status), `${op.id} with ${droit}: ${status}`)
    }
  }
  const changed = [...(await monde.empreinte())].filter(([table, print]) => before.get(table) !== print).map(([table]) => table)
  // `lecture`: who was on a page of the list; `tentative`: the share of exports.
  const expected = ['jeton_api', 'journal', 'journal_tete', 'lecture', 'tentative']
  assert.deepEqual(changed.sort(), expected, 'readings are told, and nothing else was written')
})

test('a dossier of another commune is unknown, to the byte, whatever the token', async () => {
  const tout = await jeton(a, DROITS_CONNUS)
  const narrow = await jeton(a, DROITS_CONNUS, ['acte-etat-civil'])
  const bodies = new Set<string>()
  for (const op of deTokens.filter(({ path, method }) => path.includes(':id') && method === 'GET')) {
    for (const [token, cible] of [
      [tout, ailleurs],
      [tout, nulle],
      [narrow, siens],
    ] as const) {
      const { status, body } = await appeler(op, cible, { authorization: `Bearer ${token}` })
      assert.equal(status, 404, op.id)
      bodies.add(body)
    }
    assert.equal((await appeler(op, siens, { authorization: `Bearer ${tout}` })).status, 200, op.id)
  }
  assert.equal(bodies.size, 1)
})
