import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { routes } from '../../src/main.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { isComplet, noterPreuve } from '../builders/preuves.ts'
import { IDENTITES, type Identite, ouvrirMonde } from './monde.ts'
import { type CibleDeRoute, ciblesDe, cle, urlDe } from './routes.ts'

const monde = await ouvrirMonde()
const cibles = ciblesDe(monde)
const { a } = monde

/** A program with every right in A, beside the people. */
type Colonne = Identite | 'programme'

const hasTarget = (route: Route) => /:(id|demarche|fichier|document|jeton|liste|lien|code|avis|etiquette)/.test(route.path)

/** What would be enough to act, had the target been right. */
const SAISIE = {
  version: '1',
  texte: 'Bonjour',
  motif: 'Motif',
  nom: 'Nom',
  reponse: 'oui',
  acte: 'attribuer',
  roles: 'lecteur',
  code: '123456',
}

function demander(route: Route, colonne: Colonne, url: string, method: string = route.method): Promise<LightMyRequestResponse> {
  const isProgram = colonne === 'programme'
  const asJson = route.body === 'json'
  const headers = {
    ...(isProgram ? { authorization: `Bearer ${monde.objets.a.porteur}`, 'sec-fetch-site': undefined } : {}),
    ...(asJson ? { 'content-type': 'application/json', 'idempotency-key': newSecret(), 'if-match': '"1"' } : {}),
  }
  const body =
    method === 'GET' || method === 'HEAD' ? {} : asJson ? { payload: JSON.stringify(SAISIE) } : { fields: { ...SAISIE, _cle: newSecret() } }
  return monde.demander({ method, url, headers, ...body, ...(isProgram ? {} : { cookie: monde.identites[colonne] }) })
}

/** An answer without what is made by chance (tokens and keys of forms, references of accidents) nor what was asked for itself. */
function lisse({ statusCode, headers, body }: LightMyRequestResponse, cible: CibleDeRoute, url: string): string {
  const { date, 'content-length': length, ...rest } = headers
  assert.ok(date === undefined || length !== '')
  const { avis, porteur, ...named } = cible.objets
  const said = [
    ...[url, cible.agent, cible.envoi, ...Object.values(named)],
    ...Object.values(avis).flatMap(({ id, jeton }) => [id, jeton]),
    ...Object.values(cible.dossiers).flatMap(({ id, piece, document }) => [id, piece, document]),
  ]
  const text = `${statusCode} ${JSON.stringify(Object.entries(rest).sort())}\n${body.replace(/name="_(jeton|cle)" value="[^"]*"/g, '')}`
  return said.reduce((plain, value) => plain.replaceAll(value, 'X').replaceAll(encodeURIComponent(value), 'X'), text)
}

test('foreign or unknown, an address answers the same bytes to whoever asks, by any right they have, and writes nothing', async () => {
  const before = await monde.empreinte()
  // Who has no right is refused before anything is looked for: all of them in full only, the matrix already plays them.
  const colonnes: readonly Colonne[] = isComplet
    ? [...IDENTITES, 'programme']
    : ['anonyme', 'titulaire', 'administrateur', 'instructeur', 'decideur', 'programme']
  const different: string[] = []
  let compared = 0
  const found = routes.filter(route => hasTarget(route))
  assert.ok(found.length > 150)
  for (const route of found) {
    for (const colonne of colonnes) {
      const [ailleurs, inconnu] = [cibles.ailleurs, cibles.inconnus]
      const urls = [urlDe(route, a.base, ailleurs), urlDe(route, a.base, inconnu)] as const
      const texts = [
        lisse(await demander(route, colonne, urls[0]), ailleurs, urls[0]),
        lisse(await demander(route, colonne, urls[1]), inconnu, urls[1]),
      ]
      compared++
      if (texts[0] !== texts[1])
        different.push(`${cle(route)} ${colonne}: ${texts.map(text => text.slice(0, 3)).join(' and ')} ${difference(texts)}`)
    }
  }
  assert.deepEqual(different, [])
  const changed = [...(await monde.empreinte())].filter(([table, print]) => before.get(table) !== print).map(([table]) => table)
  // A token says when it was last seen; a wrong code of invitation is counted.
  assert.deepEqual(
    changed.filter(table => !['jeton_api', 'tentative'].includes(table)),
    [],
  )
  noterPreuve({
    machine: 'etranger',
    titre: 'Demander ce qui est à une autre commune, avec tous les droits de la sienne',
    mesures: [
      { nom: 'routes comparées, par identité', valeur: `${compared}`, cible: 'toutes', tenue: true },
      { nom: 'réponses qui distinguent « ailleurs » de « inconnu »', valeur: '0', cible: '0', tenue: true },
    ],
  })
})

const difference = ([one = '', two = '']: readonly string[]): string => {
  let at = 0
  while (at < one.length && one[at] === two[at]) at++
  return `…${one.slice(Math.max(0, at - 60), at + 60)}… ≠ …${two.slice(at, at + 60)}…`
}

test('a page under the path of another commune says nothing of what is there to an agent who has no role in it', async () => {
  const deB = { ...cibles.ailleurs, isKnown: true }
  for (const route of routes.filter(one => one.access.kind === 'agent' && one.scope === 'collectivite' && hasTarget(one))) {
    for (const identite of ['administrateur', 'instructeur', 'agent d’une troisième commune'] as const) {
      const [own, unknown] = [urlDe(route, monde.b.base, deB), urlDe(route, monde.b.base, cibles.inconnus)]
      const answers = [await demander(route, identite, own), await demander(route, identite, unknown)]
      assert.deepEqual(
        answers.map(({ statusCode }) => statusCode),
        [403, 403],
        `${cle(route)} ${identite}`,
      )
      assert.equal(lisse(answers[0]!, deB, own), lisse(answers[1]!, cibles.inconnus, unknown), cle(route))
    }
  }
})

test('a token of the API opens no page: with it, every other route answers as to nobody', async () => {
  for (const route of routes.filter(({ access, method }) => access.kind !== 'jeton' && method === 'GET')) {
    const url = urlDe(route, a.base, cibles.siens)
    const [withToken, without] = [await demander(route, 'programme', url), await demander(route, 'anonyme', url)]
    assert.equal(lisse(withToken, cibles.siens, url), lisse(without, cibles.siens, url), cle(route))
  }
})

test('a method that the registry does not give does not exist, whoever asks', async () => {
  const patterns = routes.map(({ method, path, scope }) => {
    const full = scope === 'territoire' ? path : `/[^/]+${path === '/' ? '' : path}`
    return { method, pattern: new RegExp(`^${full.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}/?$`) }
  })
  const unknown = (await monde.demander({ url: '/page-inconnue' })).body
  const before = await monde.empreinte()
  let asked = 0
  for (const route of routes) {
    const url = urlDe(route, a.base, cibles.siens)
    // The same address may be another route's: /agent/demarches/import is also /agent/demarches/:demarche.
    const known = patterns.filter(({ pattern }) => pattern.test(url)).map(({ method }) => method)
    assert.ok(known.includes(route.method), url)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(one => !known.includes(one as 'GET'))) {
      for (const identite of ['anonyme', 'titulaire', 'instructeur', 'administrateur'] as const) {
        const { statusCode, body } = await demander(route, identite, url, method)
        assert.equal(statusCode, 404, `${method} ${url} ${identite}`)
        assert.equal(body, unknown, `${method} ${url} ${identite}`)
        asked++
      }
    }
  }
  assert.ok(asked > 4000)
  assert.deepEqual(await monde.empreinte(), before)
})
