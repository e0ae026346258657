import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../../src/main.ts'
import { permissionsDe } from '../../src/modules/agents/index.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { newId } from '../../src/platform/ids.ts'
import { type Cible, type Dossiers, IDENTITES, type Identite, ouvrirMonde } from './monde.ts'
import { attendus, cle, urlDe } from './routes.ts'

const monde = await ouvrirMonde()

const INCONNU: Cible = { id: newId(), piece: newId(), document: newId() }
const inconnus: Dossiers = { brouillon: INCONNU, depose: INCONNU, correction: INCONNU }
const CIBLES = ['siens', 'des autres', 'ailleurs', 'inconnus'] as const
type NomDeCible = (typeof CIBLES)[number]

const roleDe: Partial<Record<Identite, string>> = {
  administrateur: 'administrateur',
  instructeur: 'instructeur',
  decideur: 'decideur',
  lecteur: 'lecteur',
}

/** What must be answered, from the access that the route declares. */
function attendu(route: Route, identite: Identite, cible: NomDeCible): readonly number[] {
  const { passe, inconnu = [404], sansPorteur } = attendus[cle(route)]!
  const hasTarget = /:(id|demarche|fichier|jeton|modele)/.test(route.path)
  if (route.access.kind === 'agent') {
    const role = roleDe[identite]
    if (!role) return identite === 'agent d’ailleurs' ? [403] : route.method === 'GET' ? [303] : [401]
    if (!permissionsDe([role]).has(route.access.permission)) return [403]
    // An agent sees every dossier of their commune, whoever filed it.
    return !hasTarget || cible === 'siens' || cible === 'des autres' ? passe : inconnu
  }
  // No cookie opens them; their body is looked at first.
  if (route.access.kind === 'jeton') return route.body === 'json' ? [415] : [401]
  if (route.access.kind === 'usager') {
    if (identite === 'titulaire') return cible === 'siens' ? passe : inconnu
    return identite === 'autre habitant' && cible === 'des autres' ? passe : inconnu
  }
  if (sansPorteur && hasTarget) return cible === 'siens' || cible === 'des autres' ? passe : inconnu
  return passe
}

const dossiersDe = (cible: NomDeCible): Dossiers =>
  ({ siens: monde.siens, 'des autres': monde.desAutres, ailleurs: monde.ailleurs, inconnus })[cible]

const cibleDe = (cible: NomDeCible) => ({
  dossiers: dossiersDe(cible),
  agent: { siens: monde.agents.lecteur.id, 'des autres': monde.agents.decideur.id, ailleurs: monde.agentAilleurs.id, inconnus: INCONNU.id }[
    cible
  ],
  envoi: { siens: monde.envois.a, 'des autres': monde.envois.a, ailleurs: monde.envois.b, inconnus: INCONNU.id }[cible],
  isKnown: cible === 'siens' || cible === 'des autres',
})

/** Everything that a 404 shows, but the date. */
const seen = ({ body, headers }: { body: string; headers: Record<string, unknown> }): string => {
  const { date, ...rest } = headers
  assert.ok(date === undefined || typeof date === 'string')
  return `${JSON.stringify(Object.entries(rest).sort())}\n${body}`
}

test('every route of the registry has its line in the table, and every line its route', () => {
  const known = new Set(routes.map(cle))
  assert.ok(known.size > 60, `${known.size} routes`)
  assert.deepEqual(
    [...known].filter(key => !attendus[key]),
    [],
    'routes without a line',
  )
  assert.deepEqual(
    Object.keys(attendus).filter(key => !known.has(key)),
    [],
    'lines without a route',
  )
})

test('every route answers each identity as its access says, and a refusal writes nothing', async () => {
  const problems: string[] = []
  const notFounds = new Set<string>()
  let cells = 0
  for (const route of routes) {
    const cellsOf = IDENTITES.flatMap(identite => CIBLES.map(cible => ({ identite, cible, expected: attendu(route, identite, cible) })))
    const { passe } = attendus[cle(route)]!
    const isRefusal = ({ expected }: { expected: readonly number[] }) => expected !== passe
    const ask = async ({ identite, cible, expected }: (typeof cellsOf)[number], dossiers?: Dossiers) => {
      cells++
      const at = cibleDe(cible)
      const url = urlDe(route, monde.a.base, dossiers ? { ...at, dossiers } : at)
      const cookie = /deconnexion$/.test(route.path) ? await monde.frais(identite) : monde.identites[identite]
      const response = await monde.demander({ method: route.method, url, cookie, ...(route.method === 'POST' ? { fields: {} } : {}) })
      if (!expected.includes(response.statusCode))
        problems.push(`${cle(route)} ${identite} → ${cible}: ${response.statusCode} instead of ${expected.join(' or ')}`)
      if (response.statusCode === 404 && route.format !== 'json') notFounds.add(seen(response))
      if (response.statusCode === 303 && isRefusal({ expected }))
        if (!/\/agent\/connexion/.test(String(response.headers.location)))
          problems.push(`${cle(route)} ${identite}: sent to ${response.headers.location}`)
    }
    const before = route.method === 'POST' ? await monde.empreinte() : new Map<string, string>()
    for (const cell of cellsOf.filter(isRefusal)) await ask(cell)
    if (route.method === 'POST') assert.deepEqual(changed(before, await monde.empreinte()), [], `${cle(route)}: a refusal wrote`)
    for (const cell of cellsOf.filter(cell => !isRefusal(cell))) {
      // What passes may act: on a dossier of its own then.
      const isOwnAct =
        route.method === 'POST' && cell.identite === 'titulaire' && cell.cible === 'siens' && /suppression|code|depot/.test(route.path)
      await ask(cell, isOwnAct ? await monde.encore() : undefined)
    }
  }
  assert.deepEqual(problems, [])
  assert.ok(cells > 2000, `${cells} cells`)
  assert.equal(notFounds.size, 1, 'every 404 is the same to the byte')
})

const changed = (before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] =>
  [...now].filter(([table, print]) => before.get(table) !== print).map(([table]) => table)

test('unknown commune, unknown page, foreign and unknown dossier: the same 404 to the byte', async () => {
  const { base } = monde.a
  const urls = [
    '/commune-inconnue',
    '/commune-inconnue/demarches',
    '/commune-inconnue/agent/dossiers',
    `/commune-inconnue/dossiers/${monde.siens.depose.id}`,
    '/Vire-Normandie',
    '/__proto__',
    '/constructor/aide',
    `${base}/page-inconnue`,
    `${base}/page/inconnue/encore`,
    `${base}/demarches/inconnue`,
    `${base}/demarches/inconnue/commencer`,
    `${base}/dossiers/${monde.desAutres.depose.id}`,
    `${base}/dossiers/${monde.ailleurs.depose.id}`,
    `${base}/dossiers/${INCONNU.id}`,
    `${base}/dossiers/42`,
    `${base}/brouillons/${monde.desAutres.brouillon.id}/verification`,
    `${base}/dossiers/${monde.siens.depose.id}/pieces/${monde.desAutres.depose.piece}`,
    `${base}/dossiers/${monde.siens.depose.id}/documents/${monde.ailleurs.depose.document}`,
    `${base}/boite-d-envoi/${monde.envois.b}`,
    `${base}/${'x'.repeat(300)}`,
    '/actifs/inconnu.css',
  ]
  const found = new Map<string, string[]>()
  for (const url of urls) {
    for (const cookie of [monde.titulaire.cookie, '']) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const response = await monde.demander({ method, url, cookie })
        assert.ok(
          response.statusCode === 404 || (response.statusCode === 303 && url.includes('/agent/')),
          `${method} ${url}: ${response.statusCode}`,
        )
        found.set(seen(response), [...(found.get(seen(response)) ?? []), `${method} ${url}`])
      }
    }
  }
  assert.equal(found.size, 1, JSON.stringify([...found.entries()], null, 1))
})

test('a session is bound to its host, its nature and its secret', async () => {
  const { base } = monde.a
  const url = `${base}/dossiers/${monde.siens.depose.id}`
  const mine = monde.titulaire.cookie
  assert.equal((await monde.demander({ url, cookie: mine })).statusCode, 200)
  assert.equal((await monde.demander({ url, cookie: mine, headers: { host: 'ailleurs.example' } })).statusCode, 404)
  assert.equal((await monde.demander({ url, cookie: mine.replace('parvis=', 'parvis-agent=') })).statusCode, 404)
  assert.equal((await monde.demander({ url, cookie: `${mine}x` })).statusCode, 404)
  const asAgent = monde.agents.instructeur.cookie.replace('parvis-agent=', 'parvis=')
  assert.equal((await monde.demander({ url, cookie: asAgent })).statusCode, 404)
})

test('a role withdrawn ends at the next request', async () => {
  const url = `${monde.a.base}/agent/dossiers`
  const { cookie, id } = monde.agents.lecteur
  assert.equal((await monde.demander({ url, cookie })).statusCode, 200)
  await monde.admin.query('update habilitation set retiree_le = now() where agent_id = $1', [id])
  assert.equal((await monde.demander({ url, cookie })).statusCode, 403)
})
