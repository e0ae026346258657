import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../../src/main.ts'
import { permissionsDe } from '../../src/modules/agents/index.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { noterPreuve } from '../builders/preuves.ts'
import { ACCES } from './acces.ts'
import { type Dossiers, IDENTITES, type Identite, ouvrirMonde } from './monde.ts'
import { attendus, CIBLES, ciblesDe, cle, INCONNUS, type NomDeCible, urlDe } from './routes.ts'

const monde = await ouvrirMonde()

const cibles = ciblesDe(monde)
const isOurs = (cible: NomDeCible) => cible === 'siens' || cible === 'des autres'

const accesDe = new Map(Object.entries(ACCES).flatMap(([acces, keys]) => keys.map(key => [key, acces] as const)))

/** What each role may do, written here and not taken from the program. */
const PERMISSIONS: Partial<Record<Identite, readonly string[]>> = {
  administrateur: ['reglages.modifier', 'agents.gerer', 'journal.lire'],
  instructeur: ['dossiers.lire', 'dossiers.instruire'],
  decideur: ['dossiers.lire', 'dossiers.decider'],
  lecteur: ['dossiers.lire'],
}

/** What must be answered, from the table of accesses. */
function attendu(route: Route, identite: Identite, cible: NomDeCible): readonly number[] {
  const { passe, inconnu = [404], sansPorteur, aSoi } = attendus[cle(route)]!
  const hasTarget = /:(id|demarche|jeton|modele|liste|lien|code)/.test(route.path)
  const [kind, permission] = accesDe.get(cle(route))!.split(' ')
  if (kind === 'agent') {
    const granted = PERMISSIONS[identite]
    if (!granted) return /^agent d’/.test(identite) ? [403] : route.method === 'GET' ? [303] : [401]
    if (!granted.includes(permission!)) return [403]
    if (aSoi && identite !== 'instructeur') return inconnu
    // An agent sees every dossier of their commune, whoever filed it.
    return !hasTarget || isOurs(cible) ? passe : inconnu
  }
  // No cookie opens them; their body is looked at first.
  if (kind === 'jeton') return route.body === 'json' ? [415] : [401]
  if (kind === 'usager') {
    if (identite === 'titulaire') return cible === 'siens' ? passe : inconnu
    return identite === 'autre habitant' && cible === 'des autres' ? passe : inconnu
  }
  return sansPorteur && hasTarget && !isOurs(cible) ? inconnu : passe
}

/** Everything that a 404 shows, but the date. */
const seen = ({ body, headers }: { body: string; headers: Record<string, unknown> }): string => {
  const { date, ...rest } = headers
  assert.ok(date === undefined || typeof date === 'string')
  return `${JSON.stringify(Object.entries(rest).sort())}\n${body}`
}

test('who may call each route, and what each role may do, are what is written here', () => {
  const access = (route: Route) =>
    route.access.kind === 'agent'
      ? `agent ${route.access.permission}`
      : route.access.kind === 'jeton'
        ? `jeton ${route.access.droit}`
        : route.access.kind
  for (const route of routes) assert.equal(access(route), accesDe.get(cle(route)), `${cle(route)}: not as in test/security/acces.ts`)
  assert.equal(accesDe.size, routes.length)
  for (const [role, granted] of Object.entries(PERMISSIONS)) assert.deepEqual([...permissionsDe([role])].sort(), [...granted].sort(), role)
})

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
    // Without anything named in the address, all targets are one.
    const targets = /:\w/.test(route.path) ? CIBLES : (['siens'] as const)
    const cellsOf = IDENTITES.flatMap(identite => targets.map(cible => ({ identite, cible, expected: attendu(route, identite, cible) })))
    const { passe } = attendus[cle(route)]!
    const isRefusal = ({ expected }: { expected: readonly number[] }) => expected !== passe
    const ask = async ({ identite, cible, expected }: (typeof cellsOf)[number], dossiers?: Dossiers) => {
      cells++
      const at = cibles[cible]
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
    if (route.method === 'POST') {
      const written = changed(before, await monde.empreinte()).filter(table => !attendus[cle(route)]!.ecrit?.includes(table))
      assert.deepEqual(written, [], `${cle(route)}: a refusal wrote`)
    }
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
  noterPreuve({
    machine: 'matrice',
    titre: 'Ouvrir chaque adresse du programme sous chaque identité, vers ses dossiers, ceux des autres, ceux d’ailleurs, ceux de personne',
    mesures: [
      { nom: 'adresses du registre', valeur: `${routes.length}`, cible: 'toutes', tenue: true },
      { nom: 'cases de la matrice', valeur: `${cells}`, cible: 'réponse exacte dans chacune', tenue: true },
      { nom: 'refus qui écrivent', valeur: '0', cible: '0', tenue: true },
    ],
  })
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
    `${base}/dossiers/${INCONNUS.agent}`,
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
