import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { before, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { routes } from '../../src/main.ts'
import { permissionsDe, ROLES } from '../../src/modules/agents/index.ts'
import { exemples, modeles } from '../../src/modules/demarches/livre.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { combien, noterPreuve } from '../builders/preuves.ts'
import { assertSain, HOSTILES, hasard } from './hostile.ts'
import { type Dossiers, encode, IDENTITES, type Identite, ouvrirMonde } from './monde.ts'
import { cle, urlDe } from './routes.ts'

const monde = await ouvrirMonde()
const REQUESTS = combien(6500, 50_000)
const SEED = Number(process.env.GRAINE ?? 20261121)

let dossiers: Dossiers = monde.siens
let address: { port: number }
let asked = 0
let slowest = { tookMs: 0, what: '' }

before(async () => {
  await monde.server.listen({ host: '127.0.0.1', port: 0 })
  address = monde.server.server.address() as { port: number }
})

function permis(route: Route): Identite {
  const { access } = route
  if (access.kind !== 'agent')
    return route.path === '/agent/connexion/code'
      ? 'agent au second facteur'
      : route.path.startsWith('/agent')
        ? 'instructeur'
        : 'titulaire'
  return ROLES.find(role => permissionsDe([role]).has(access.permission))!
}

const cible = () => ({ dossiers, objets: monde.objets.a, agent: monde.agents.lecteur.id, envoi: monde.envois.a, isKnown: true })
const ask = async (
  method: string,
  url: string,
  more: Partial<Parameters<typeof monde.demander>[0]>,
  objectText = false,
): Promise<LightMyRequestResponse> => {
  asked++
  const start = performance.now()
  const what = `${method} ${url.slice(0, 300)} ${JSON.stringify(more).slice(0, 700)}`
  const response = await monde.demander({ method, url, ...more }).catch(error => {
    throw new Error(`${what}: no whole answer`, { cause: error })
  })
  const tookMs = performance.now() - start
  if (tookMs > slowest.tookMs) slowest = { tookMs, what }
  assertSain(response, what, { objectText, isHead: method === 'HEAD' })
  return response
}
const isClosing = (route: Route) => /deconnexion|suppression|retrait/.test(route.path)

test('a hostile value in the place of each parameter of an address', async () => {
  for (const [rank, route] of routes.entries()) {
    const cookie = monde.identites[permis(route)]
    const names = [...`${route.scope === 'collectivite' ? '/:commune' : ''}${route.path}`.matchAll(/:(\w+)/g)].map(match => match[1]!)
    for (const name of names) {
      for (const [index, hostile] of [...HOSTILES, '€', 'é\u0301', '..', '.', '%2e%2e', 'x/../y'].entries()) {
        if ((index + rank) % combien(6, 3) > 0) continue
        const known = urlDe(route, monde.a.base, cible()).split('/')
        const pattern = `${route.scope === 'collectivite' ? '/:commune' : ''}${route.path}`.split('/')
        known[pattern.indexOf(`:${name}`)] = encodeURIComponent(hostile.toWellFormed())
        const url = known.join('/') || '/'
        if (isClosing(route) && route.method === 'POST' && name !== 'ligne' && name !== 'etape') continue
        await ask(route.method, url, { cookie, ...(route.method === 'POST' ? { fields: { _cle: newSecret(), version: '3' } } : {}) }, true)
      }
    }
  }
})

test('an address badly encoded', async () => {
  const { base } = monde.a
  for (const bad of [
    '%ff',
    '%',
    '%zz',
    '%00',
    '%c0%ae%c0%ae',
    '%ed%a0%80',
    '%f5%80%80%80',
    'a%0d%0aX-Injecte:%20oui',
    '%e0%80%af',
    '%u0041',
    ';jsessionid=1',
  ]) {
    for (const url of [
      `/${bad}`,
      `${base}/${bad}`,
      `${base}/demarches/${bad}`,
      `${base}/demarches/${bad}/commencer`,
      `${base}/dossiers/${bad}`,
      `${base}/agent/dossiers/${bad}`,
    ]) {
      for (const method of ['GET', 'POST', 'HEAD']) {
        const { statusCode } = await ask(method, url, { cookie: monde.titulaire.cookie })
        assert.ok([400, 404, 303].includes(statusCode), `${method} ${url}: ${statusCode}`)
      }
    }
    const search = await ask('GET', `/recherche?q=${bad}`, {})
    assert.equal(search.statusCode, 200, bad)
  }
})

test('a hostile value in each field of a query, doubled, in an array, badly encoded', async () => {
  const names = [
    'q',
    'page',
    'tri',
    'etat',
    'demarche',
    'retour',
    'fait',
    'reference',
    'code',
    'verifier',
    'enregistre',
    'deconnecte',
    '__proto__',
    'constructor',
  ]
  for (const [rank, route] of routes.filter(({ method }) => method === 'GET').entries()) {
    const cookie = monde.identites[permis(route)]
    const url = urlDe(route, monde.a.base, cible())
    for (const [index, hostile] of HOSTILES.entries()) {
      if ((index + rank) % combien(8, 4) > 0) continue
      const name = names[index % names.length]!
      await ask(
        'GET',
        `${url}?${encode({ [name]: [hostile, hostile], q: hostile, page: hostile, [`${name}[]`]: hostile })}`,
        { cookie },
        true,
      )
    }
    for (const query of ['q=%ff&page=%00', 'q=%ed%a0%80', '&&&===&', 'q[a][b]=1', '__proto__[x]=1&q', `q=${'%'.repeat(50)}`])
      await ask('GET', `${url}?${query}`, { cookie }, true)
  }
})

test('a body of another kind, cut, doubled, or of the wrong form', async () => {
  const bodies: readonly [type: string | undefined, payload: string | Buffer][] = [
    [undefined, ''],
    [undefined, 'texte=bonjour'],
    ['application/json', '{"texte": {"a": 1}, "_cle": ["x"], "version": 2, "motif": null}'],
    ['application/json', '[1, 2, 3]'],
    ['application/json', 'null'],
    ['application/json', '"texte"'],
    ['application/json', '{"texte":'],
    ['application/json', '{"__proto__": {"x": 1}}'],
    ['application/json', '{"constructor": {"prototype": {"x": 1}}}'],
    ['application/xml', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
    ['text/plain', '_cle=aaaaaaaaaaaaaaaaaaaa&texte=x'],
    ['n’importe quoi'.normalize('NFD').replace(/[^\x20-\x7e]/g, ''), 'x'],
    ['application/x-www-form-urlencoded; charset=utf-16', 'texte=x'],
    ['application/x-www-form-urlencoded', 'texte=%ff%fe%00&motif=%ed%a0%80&message=%c0%ae'],
    ['application/x-www-form-urlencoded', Buffer.from([0x74, 0x3d, 0xff, 0xfe, 0x00, 0x26, 0x80])],
    ['application/x-www-form-urlencoded', '&'.repeat(5000)],
    ['application/x-www-form-urlencoded', 'a='.repeat(3000)],
    ['application/x-www-form-urlencoded', Array.from({ length: 3000 }, (_, i) => `f${i}=1`).join('&')],
    ['application/x-www-form-urlencoded', Array.from({ length: 3000 }, () => 'champs=1&roles=x&courriel=a@b&motif=m').join('&')],
    ['application/x-www-form-urlencoded', '__proto__=1&constructor=2&hasOwnProperty=3&toString=4'],
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=b', ''],
    ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="texte"\r\n\r\ncoupé'],
    ['multipart/form-data; boundary=b', '--b\r\n\r\n\r\n--b--\r\n'],
    ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\n1\r\n--b--\r\n'],
    ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n'],
    ['multipart/form-data; boundary=b', `--b\r\nContent-Disposition: form-data; name="${'n'.repeat(500)}"\r\n\r\n1\r\n--b--\r\n`],
    ['multipart/form-data; boundary=b', `--b\r\nContent-Disposition: form-data; name="texte"\r\n\r\n${'x'.repeat(100_000)}\r\n--b--\r\n`],
    ['multipart/form-data; boundary=b', `${'--b\r\nContent-Disposition: form-data; name="t"\r\n\r\n1\r\n'.repeat(600)}--b--\r\n`],
    [
      'multipart/form-data; boundary=b',
      `${'--b\r\nContent-Disposition: form-data; name="plan"; filename="a.pdf"\r\n\r\n%PDF\r\n'.repeat(30)}--b--\r\n`,
    ],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="plan"; filename="../../../etc/<zqx>\\"\0.pdf"\r\nContent-Type: text/html\r\n\r\n<zqx>\r\n--b--\r\n',
    ],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="logo"; filename="a.svg"\r\n\r\n<svg onload="zqx()"/>\r\n--b--\r\n',
    ],
    [`multipart/form-data; boundary=${'b'.repeat(200)}`, `--${'b'.repeat(200)}--\r\n`],
  ]
  for (const [rank, route] of routes.filter(({ method }) => method === 'POST').entries()) {
    if (isClosing(route)) dossiers = await monde.encore()
    for (const [index, [type, payload]] of bodies.entries()) {
      if ((index + rank) % (route.body === 'files' ? 1 : combien(4, 2)) > 0) continue
      const cookie = /deconnexion/.test(route.path) ? await monde.frais(permis(route)) : monde.identites[permis(route)]
      if (/suppression$/.test(route.path) && !route.path.includes('ligne')) dossiers = await monde.encore()
      await ask('POST', urlDe(route, monde.a.base, cible()), { cookie, payload, headers: { 'content-type': type } })
    }
  }
  assert.equal(({} as { x?: number }).x, undefined, 'the prototype of objects is clean')
})

test('600 kB of text are refused with a sentence, on every route that reads a body', async () => {
  for (const route of routes.filter(({ method }) => method === 'POST')) {
    const cookie = monde.identites[permis(route)]
    const big = { payload: `texte=${'a'.repeat(600_000)}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    const response = await ask('POST', urlDe(route, monde.a.base, cible()), { cookie, ...big })
    assert.equal(response.statusCode, 413, cle(route))
    assert.match(response.body, /trop lourd/)
  }
})

test('hostile cookies and headers', async () => {
  const urls = [
    monde.a.base,
    `${monde.a.base}/mes-dossiers`,
    `${monde.a.base}/agent/dossiers`,
    `${monde.a.base}/dossiers/${monde.siens.depose.id}`,
    '/sante',
    '/actifs/x.css',
  ]
  const printable = HOSTILES.map(text => text.replace(/[^\x20-\x7e\x80-\xff]/g, '').slice(0, 8000))
  for (const url of urls) {
    for (const hostile of printable) {
      await ask('GET', url, { headers: { cookie: `parvis=${hostile}; parvis-agent=${hostile}; __proto__=${hostile}; ${hostile}` } })
      await ask('GET', url, {
        headers: { host: hostile || 'x', 'x-forwarded-host': hostile, 'x-forwarded-for': hostile, 'x-forwarded-proto': hostile },
      })
      await ask('GET', url, {
        headers: {
          'accept-encoding': hostile,
          'accept-language': hostile,
          accept: hostile,
          range: hostile,
          'if-none-match': hostile,
          'user-agent': hostile,
        },
      })
    }
  }
})

test('what is not HTTP, or not quite', async () => {
  const { base } = monde.a
  const raw = (text: string | Buffer) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(address.port, '127.0.0.1')
      let seen = ''
      socket.setTimeout(5000, () => socket.destroy(new Error(`no answer to ${JSON.stringify(String(text).slice(0, 100))}`)))
      socket.on('data', chunk => {
        seen += chunk.toString('latin1')
      })
      socket.on('close', () => resolve(seen))
      socket.on('error', error => ((error as NodeJS.ErrnoException).code === 'ECONNRESET' ? resolve(seen) : reject(error)))
      socket.write(text)
    })
  const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`
  const requests: readonly (string | Buffer)[] = [
    get('//ailleurs.example/%2e%2e'),
    get(`${base}/../../etc/passwd`),
    get(`${base}/${'a'.repeat(12_000)}`),
    get(base, `X-Long: ${'a'.repeat(20_000)}\r\n`),
    get(base, 'Content-Length: -1\r\n'),
    get(base, 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n'),
    get(base, 'Bad Header\r\n'),
    Buffer.concat([Buffer.from(`GET ${base}/d\xe9marches/\x80\xff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 'latin1')]),
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n',
    `POST ${base}/suivi HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
  ]
  for (const request of requests) {
    const answer = await raw(request)
    const what = JSON.stringify(String(request).slice(0, 80))
    assert.match(answer, /^HTTP\/1\.1 (400|404|413|431) /, what)
    assert.match(answer, /content-security-policy: default-src 'none'/i, `${what}: ${answer.slice(0, 400)}`)
    assert.match(answer, /x-content-type-options: nosniff/i, what)
    assert.match(answer, /lang="fr"/, what)
    assert.doesNotMatch(answer, /FST_|HPE_|Client Error/, what)
  }
})

test('what was typed comes back with a refusal', async () => {
  const { base } = monde.a
  const typed = 'Zoé & <b>Max</b> "x"'
  const fresh = await monde.encore()
  const escaped = /Zoé &amp; &lt;b(>|&gt;)Max&lt;\/b(>|&gt;) (&quot;|")x/
  const forms: readonly [url: string, identite: Identite, fields: Record<string, string>][] = [
    [`${base}/suivi`, 'anonyme', { reference: 'Zoé&<b>', code: 'x' }],
    [`${base}/mes-dossiers/lien`, 'anonyme', { courriel: typed }],
    [`${base}/agent/connexion`, 'anonyme', { courriel: typed, mot_de_passe: 'secret-zqx' }],
    [`${base}/demarches/restauration-scolaire/commencer`, 'anonyme', { responsableNom: typed }],
    [`${base}/brouillons/${fresh.brouillon.id}/etapes/responsable`, 'titulaire', { responsableNom: typed }],
    [`${base}/brouillons/${fresh.brouillon.id}/etapes/enfants/lignes/enfant-1`, 'titulaire', { enfantNom: typed }],
    [`${base}/dossiers/${fresh.correction.id}/correction/responsable`, 'titulaire', { responsableNom: typed }],
    [`${base}/agent/dossiers/${fresh.depose.id}/messages`, 'instructeur', { version: '1', texte: typed }],
    [`${base}/agent/dossiers/${fresh.depose.id}/refus`, 'decideur', { version: '1', motif: typed }],
    [`${base}/agent/dossiers/${fresh.depose.id}/corrections`, 'instructeur', { version: '1', message: typed }],
    [`${base}/agent/dossiers/${fresh.depose.id}/messages`, 'agent expiré', { texte: typed }],
    [`${base}/agent/dossiers/${fresh.depose.id}/refus`, 'lecteur', { motif: typed }],
    [`${base}/agent/equipe`, 'administrateur', { nom: typed, courriel: 'x' }],
    [`${base}/agent/reglages`, 'administrateur', { ville: typed, codePostal: 'zzz' }],
  ]
  for (const [url, identite, fields] of forms) {
    const response = await ask('POST', url, { cookie: monde.identites[identite], fields: { _cle: newSecret(), ...fields } })
    assert.ok(response.statusCode >= 400, url)
    assert.match(response.body, url.endsWith('/suivi') ? /Zoé&amp;&lt;b(>|&gt;)/ : escaped, `${url}: what was typed is lost`)
    assert.ok(!response.body.includes('secret-zqx'), 'never a password')
  }
  // From a page kept open too long: refused for its token, and what was written is on the page.
  const stale = await ask('POST', `${base}/suivi`, { fields: { reference: typed }, headers: { 'sec-fetch-site': 'cross-site' } })
  assert.equal(stale.statusCode, 403)
  assert.match(stale.body, escaped)
})

const champs = modeles.flatMap(({ formulaire }) => formulaire.etapes.flatMap(etape => etape.champs.map(champ => champ.id)))
const FIELDS = [
  ...champs,
  ...champs.flatMap(id => ['jour', 'mois', 'annee', 'voie', 'codePostal', 'commune'].map(part => `${id}-${part}`)),
  ...[
    'texte',
    'motif',
    'message',
    'champs',
    'version',
    'courriel',
    'mot_de_passe',
    'code',
    'reference',
    'nom',
    'roles',
    'retour',
    'retirer',
    '_cle',
    '_jeton',
  ],
  ...['echeance-jour', 'echeance-mois', 'echeance-annee', 'adresse', 'ville', 'telephone', 'site', 'horaires', 'couleur', 'retirerLogo'],
]
const saisies = Object.values(exemples).flatMap(samples => samples.flatMap(({ envois }) => envois))

test(`${REQUESTS} requests made by chance (seed ${SEED})`, async () => {
  const chance = hasard(SEED)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)]!
  const valeur = () => (chance() < 0.3 ? pick(HOSTILES) + pick(HOSTILES).slice(0, 200) : pick(HOSTILES))
  const seen = new Map<number, number>()
  for (let n = 0; n < REQUESTS; n++) {
    if (n % 1000 === 0) dossiers = await monde.encore()
    const route = pick(routes)
    if (isClosing(route) && chance() < 0.9) continue
    const identite = chance() < 0.75 ? permis(route) : pick(IDENTITES)
    const cookie = /deconnexion/.test(route.path) ? await monde.frais(identite) : monde.identites[identite]
    let url = urlDe(route, monde.a.base, cible())
    if (chance() < 0.15) url = url.replace(/[^/]+$/, encodeURIComponent(valeur().toWellFormed()).slice(0, 300))
    if (chance() < 0.15) url = url.replace(/(etapes|correction)\/[^/]+/, `$1/${pick(saisies).etape}`)
    if (chance() < 0.3) url += `?${encode({ [pick(['q', 'page', 'tri', 'etat', 'retour', 'fait', 'x'])]: valeur() })}`
    const fields: Record<string, string | string[]> = { ...(chance() < 0.7 ? pick(saisies).saisie : {}) } as Record<
      string,
      string | string[]
    >
    if (chance() < 0.8) Object.assign(fields, { _cle: newSecret(), version: String(1 + Math.floor(chance() * 4)) })
    for (let i = Math.floor(chance() * 5); i > 0; i--) fields[pick(FIELDS)] = chance() < 0.2 ? [valeur(), valeur()] : valeur()
    const body =
      route.method === 'GET'
        ? {}
        : chance() < 0.75
          ? { fields }
          : chance() < 0.5
            ? { payload: JSON.stringify(fields), headers: { 'content-type': 'application/json' } }
            : {
                payload: `${Object.entries(fields)
                  .map(
                    ([name, value]) =>
                      `--b\r\nContent-Disposition: form-data; name="${name}"${chance() < 0.2 ? '; filename="a.pdf"' : ''}\r\n\r\n${[value].flat().join(',')}\r\n`,
                  )
                  .join('')}--b${chance() < 0.8 ? '--\r\n' : ''}`,
                headers: { 'content-type': 'multipart/form-data; boundary=b' },
              }
    const { statusCode } = await ask(route.method, url, { cookie, ...body }, true)
    seen.set(statusCode, (seen.get(statusCode) ?? 0) + 1)
  }
  const summary = [...seen]
    .sort()
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ')
  console.log(`  seed ${SEED} – ${summary}`)
  // A fuzzer that is always refused at the door finds nothing.
  for (const status of [200, 303, 404, 422]) assert.ok((seen.get(status) ?? 0) > REQUESTS / 50, summary)
})

test('a hostile value in each field of a form that is otherwise right: it is kept as text, or refused', async () => {
  const { base } = monde.a
  const own = await monde.encore()
  const version = async (id: string) => String((await monde.admin.query('select version from dossier where id = $1', [id])).rows[0].version)
  const responsable = exemples['restauration-scolaire']![0]!.envois[0]!.saisie as Record<string, string>
  const agent = { version: () => version(own.depose.id) }
  const echeance = { 'echeance-jour': '20', 'echeance-mois': '12', 'echeance-annee': '2026' }
  const forms: readonly [url: string, identite: Identite, fields: Record<string, string | (() => Promise<string>)>][] = [
    [`${base}/suivi`, 'anonyme', { reference: 'AAAA-AAAA', code: 'AAAA-AAAA' }],
    [`${base}/mes-dossiers/lien`, 'anonyme', { courriel: 'x@courriel.example' }],
    [`${base}/agent/connexion/code`, 'agent au second facteur', { code: '123456', retour: '/agent/dossiers' }],
    [`${base}/demarches/restauration-scolaire/commencer`, 'anonyme', responsable],
    [`${base}/brouillons/${own.brouillon.id}/etapes/responsable`, 'titulaire', responsable],
    [`${base}/dossiers/${own.correction.id}/correction/responsable`, 'titulaire', responsable],
    [`${base}/dossiers/${own.depose.id}/messages`, 'titulaire', { texte: 'Bonjour' }],
    [`${base}/agent/dossiers/${own.depose.id}/messages`, 'instructeur', { ...agent, texte: 'Bonjour' }],
    [
      `${base}/agent/dossiers/${own.depose.id}/corrections`,
      'instructeur',
      { ...agent, ...echeance, motif: 'incomplet', champs: 'demandeurNom', message: '' },
    ],
    [`${base}/agent/equipe`, 'administrateur', { nom: 'Agent Fictif', courriel: 'x@mairie.example', roles: 'lecteur' }],
    [`${base}/agent/equipe/${monde.agents.lecteur.id}/roles`, 'administrateur', { roles: 'lecteur' }],
    [
      `${base}/agent/reglages`,
      'administrateur',
      { adresse: '1 place', codePostal: '14500', ville: 'Vire', horaires: 'Lundi', telephone: '', site: '', couleur: '' },
    ],
  ]
  // Those that a database, JSON or UTF-8 refuse go everywhere; the others in turn.
  const always = (text: string) => text.includes('\0') || text !== text.toWellFormed() || /a{100}😀/u.test(text)
  let kept = 0
  for (const [url, identite, fields] of forms) {
    for (const [rank, name] of Object.keys(fields).entries()) {
      for (const [index, hostile] of HOSTILES.entries()) {
        if (!always(hostile) && (index + rank) % 6 > 0) continue
        const filled = await Promise.all(
          Object.entries(fields).map(async ([key, value]) => [key, typeof value === 'string' ? value : await value()]),
        )
        // As a form, and as JSON, which carries lone surrogates as they are.
        const sent = { ...Object.fromEntries(filled), _cle: newSecret(), [name]: hostile }
        const asJson = { payload: JSON.stringify(sent), headers: { 'content-type': 'application/json' } }
        const { statusCode } = await ask(
          'POST',
          url,
          { cookie: monde.identites[identite], ...(index % 2 > 0 ? asJson : { fields: sent }) },
          true,
        )
        if (statusCode === 303) kept++
        await monde.admin.query('delete from tentative')
      }
    }
  }
  assert.ok(kept > 150, `${kept} accepted: the forms were right`)
  for (const url of [
    `${base}/agent/dossiers/${own.depose.id}`,
    `${base}/agent/reglages`,
    `${base}/agent/equipe`,
    base,
    `${base}/agent/journal`,
  ]) {
    for (const identite of ['instructeur', 'administrateur', 'titulaire'] as const)
      await ask('GET', url, { cookie: monde.identites[identite] }, true)
  }
  for (const url of [
    `${base}/dossiers/${own.depose.id}`,
    `${base}/dossiers/${own.correction.id}/correction`,
    `${base}/brouillons/${own.brouillon.id}/verification`,
  ])
    assert.equal((await ask('GET', url, { cookie: monde.titulaire.cookie }, true)).statusCode, 200)
  console.log(`  slowest ${Math.round(slowest.tookMs)} ms: ${slowest.what.slice(0, 200)}`)
  noterPreuve({
    machine: 'entrees',
    titre: 'Chaque adresse, chaque paramètre, chaque champ, chaque corps et chaque en-tête, avec des valeurs hostiles',
    mesures: [
      { nom: `requêtes, dont ${REQUESTS} tirées au sort (graine ${SEED})`, valeur: `${asked}`, cible: '–', tenue: true },
      { nom: 'réponses 5xx, accidents non rattrapés, pile ou SQL montrés', valeur: '0', cible: '0', tenue: true },
      { nom: 'réponse la plus lente', valeur: `${Math.round(slowest.tookMs)} ms`, cible: '≤ 2 000 ms', tenue: slowest.tookMs <= 2000 },
    ],
  })
})
