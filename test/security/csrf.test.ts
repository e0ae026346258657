import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../../src/main.ts'
import { permissionsDe, ROLES } from '../../src/modules/agents/index.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { formToken } from '../../src/platform/http/security.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { encode, type Identite, ouvrirMonde } from './monde.ts'
import { attendus, cle, urlDe } from './routes.ts'

const monde = await ouvrirMonde()

/** Who may call a route: nothing but the origin of the request can be what refuses it. */
function permis(route: Route): Identite {
  const { access } = route
  if (access.kind !== 'agent')
    return route.path === '/agent/connexion/code'
      ? 'agent au second facteur'
      : route.path.startsWith('/agent')
        ? 'instructeur'
        : 'titulaire'
  // What only the collectivité that carries the territory may do, nobody of this one may.
  return ROLES.find(role => permissionsDe([role]).has(access.permission)) ?? 'administrateur'
}

const cible = { dossiers: monde.siens, objets: monde.objets.a, agent: monde.agents.lecteur.id, envoi: monde.envois.a, isKnown: true }
const now = () => monde.clock.now().getTime()
const secretOf = (cookie: string) => cookie.replace(/^[^=]+=/, '')
const bound = (cookie: string) => (cookie.startsWith('parvis-agent=') ? `|${secretOf(cookie)}` : `${secretOf(cookie)}|`)
const token = (cookie: string, atMs = now()) => formToken(monde.app.secrets, bound(cookie), atMs)

interface Essai {
  readonly headers?: Record<string, string | undefined>
  readonly jeton?: string
}

/** Ways to send a form that are not from our own page. */
const essais = (cookie: string): Readonly<Record<string, Essai>> => ({
  'cross-site': { headers: { 'sec-fetch-site': 'cross-site' }, jeton: token(cookie) },
  'same-site, a sister commune': { headers: { 'sec-fetch-site': 'same-site' }, jeton: token(cookie) },
  'none, an address typed': { headers: { 'sec-fetch-site': 'none' }, jeton: token(cookie) },
  'an unknown word': { headers: { 'sec-fetch-site': 'same-origin, cross-site' }, jeton: token(cookie) },
  'cross-site with our own origin': { headers: { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' }, jeton: token(cookie) },
  'a foreign origin': { headers: { 'sec-fetch-site': undefined, origin: 'https://ailleurs.example' }, jeton: token(cookie) },
  'a null origin': { headers: { 'sec-fetch-site': undefined, origin: 'null' }, jeton: token(cookie) },
  'an origin that begins as ours': {
    headers: { 'sec-fetch-site': undefined, origin: 'http://localhost.ailleurs.example' },
    jeton: token(cookie),
  },
  'nothing at all': { headers: { 'sec-fetch-site': undefined } },
  'the token of another session': { headers: { 'sec-fetch-site': undefined }, jeton: token(`parvis=${newSecret()}`) },
  'the token of nobody': { headers: { 'sec-fetch-site': undefined }, jeton: formToken(monde.app.secrets, '|', now()) },
  'an expired token': { headers: { 'sec-fetch-site': undefined }, jeton: token(cookie, now() - 8 * 24 * 3_600_000) },
  'a token from the future': { headers: { 'sec-fetch-site': undefined }, jeton: token(cookie, now() + 3_600_000) },
  'an altered token': { headers: { 'sec-fetch-site': undefined }, jeton: `${token(cookie).slice(0, -1)}~` },
  'a made-up token': { headers: { 'sec-fetch-site': undefined }, jeton: 'zzzzzz.' },
})

const posts = routes.filter(({ method }) => method === 'POST')
const boundary = 'limite'
const multipart = (fields: Record<string, string>) =>
  `${Object.entries(fields)
    .map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--${boundary}--\r\n`

test('a form that does not come from our own page is refused everywhere, and nothing is written', async () => {
  assert.ok(posts.length > 30)
  const before = await monde.empreinte()
  for (const route of posts) {
    const cookie = monde.identites[permis(route)]
    for (const [name, { headers = {}, jeton }] of Object.entries(essais(cookie))) {
      // Another program says nothing of itself, and no cookie is read for it: only a browser from elsewhere is refused.
      if (route.body === 'json' && headers['sec-fetch-site'] === undefined && headers.origin === undefined) continue
      const fields = {
        _cle: newSecret(),
        version: '2',
        texte: 'Bonjour',
        motif: 'Motif',
        courriel: 'x@courriel.example',
        ...(jeton ? { _jeton: jeton } : {}),
      }
      const kinds = [
        { payload: encode(fields), type: 'application/x-www-form-urlencoded' },
        ...(route.body === 'files' ? [{ payload: multipart(fields), type: `multipart/form-data; boundary=${boundary}` }] : []),
      ]
      for (const { payload, type } of kinds) {
        const url = urlDe(route, monde.a.base, cible)
        const response = await monde.demander({ method: 'POST', url, cookie, payload, headers: { 'content-type': type, ...headers } })
        assert.equal(response.statusCode, 403, `${cle(route)} (${type}): ${name}`)
        assert.match(response.body, route.body === 'json' ? /jamais depuis la page d’un autre site/ : /pas été envoyé depuis nos pages/)
      }
    }
  }
  assert.deepEqual(await monde.empreinte(), before)
})

test('the right token alone, our origin alone, or Fetch Metadata alone lets through', async () => {
  for (const route of posts) {
    const cookie = /deconnexion$/.test(route.path) ? await monde.frais(permis(route)) : monde.identites[permis(route)]
    const isAllowed =
      route.access.kind !== 'agent' || ROLES.some(role => permissionsDe([role]).has((route.access as { permission: string }).permission))
    const passe = isAllowed ? attendus[cle(route)]!.passe : [403]
    const dossiers = /suppression|code$/.test(route.path) ? await monde.encore() : monde.siens
    const url = urlDe(route, monde.a.base, { ...cible, dossiers })
    const response = await monde.demander({
      method: 'POST',
      url,
      cookie,
      fields: { _jeton: token(cookie) },
      headers: { 'sec-fetch-site': undefined },
    })
    assert.ok(passe.includes(response.statusCode), `${cle(route)}: ${response.statusCode} instead of ${passe}`)
  }
  const url = `${monde.a.base}/suivi`
  for (const headers of [{ 'sec-fetch-site': undefined, origin: 'http://localhost' }, { 'sec-fetch-site': 'same-origin' }])
    assert.equal((await monde.demander({ method: 'POST', url, fields: {}, headers })).statusCode, 422)
})

test('a GET writes nothing but what is documented: messages seen, readings in the journal', async () => {
  const gets = routes.filter(({ method }) => method === 'GET')
  let before = await monde.empreinte()
  for (const method of ['GET', 'HEAD']) {
    for (const route of gets) {
      for (const query of ['', '?fait=refus&page=2&q=a&_cle=aaaaaaaaaaaaaaaaaaaa&verifier=1&retirer=1']) {
        await monde.demander({ method, url: urlDe(route, monde.a.base, cible) + query, cookie: monde.identites[permis(route)] })
      }
      const now = await monde.empreinte()
      const changed = [...now].filter(([table, print]) => before.get(table) !== print).map(([table]) => table)
      const documented = attendus[cle(route)]!.ecrit ?? []
      assert.deepEqual(
        changed.filter(table => !documented.includes(table)),
        [],
        `${method} ${cle(route)}`,
      )
      before = now
    }
  }
})

test('an act cannot be done by GET, by HEAD, nor by another word for POST', async () => {
  const before = await monde.empreinte()
  for (const route of posts) {
    const url = urlDe(route, monde.a.base, cible)
    for (const headers of [{ 'x-http-method-override': 'POST' }, { 'x-http-method': 'POST' }]) {
      for (const method of ['PUT', 'PATCH', 'DELETE'])
        assert.equal(
          (await monde.demander({ method, url, cookie: monde.identites[permis(route)], headers })).statusCode,
          404,
          `${method} ${url}`,
        )
    }
  }
  assert.deepEqual(await monde.empreinte(), before)
})
