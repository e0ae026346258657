import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { HtmlValidate } from 'html-validate'
import { sql } from 'kysely'
import { testApp } from '../../platform/app.testing.ts'
import { readConfig } from '../../platform/config.ts'
import { inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { createServer, type Hooks } from '../../platform/http/server.ts'
import { buildAssets } from '../../ui/assets.ts'
import { publierCatalogue } from '../demarches/index.ts'
import { exemplesDeTypes } from '../formulaires/index.ts'
import { ouvrirTerritoire } from '../territoire/commands/ouvrir-territoire.ts'
import { collectiviteDuChemin } from '../territoire/index.ts'
import { lireRegistre } from '../territoire/registre/sources.ts'
import { errorPage } from './index.ts'
import { portail } from './module.ts'

const database = await testDatabase()
const built = await buildAssets()
const print = createHash('sha256').update(built.css).update(built.js).digest('base64url').slice(0, 10)
const app = testApp(database.app, { assets: { ...built, print } })
const hooks: Hooks = { tenant: collectiviteDuChemin, segmentOfHost: host => hosts.get(host), agent: async () => ({ html: '' }), errorPage }
const hosts = new Map<string, string>()
let server: FastifyInstance

before(async () => {
  const opened = await ouvrirTerritoire(database.owner, app.clock, lireRegistre(), '200068799', { demonstration: true })
  assert.ok(opened.ok)
  await publierCatalogue(database.owner, app.clock)
  const vire = (await collectiviteDuChemin(app, 'vire-normandie'))!
  await inTenant(database.app, vire.id, tx =>
    sql`insert into reglage (collectivite_id, adresse, code_postal, ville, telephone, courriel, horaires, site, couleur, source, modifie_le) values (${vire.id},
      '11 rue de l’Exemple', '14500', 'Vire Normandie', '02 61 91 00 12', 'mairie@vire-normandie.example', ${'Lundi au vendredi : 9 h – 12 h\nSamedi : 9 h – 12 h'},
      'https://vire-normandie.example/', 'c8102e', 'essai', now())`.execute(tx),
  )
  await inTenant(database.app, vire.id, tx =>
    sql`update demarche set est_ouverte = false where collectivite_id = ${vire.id} and id = 'restauration-scolaire'`.execute(tx),
  )
  server = await createServer(app, portail.routes, hooks)
})

const get = (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers })

const EPCI = '/communaute-de-communes-intercom-de-la-vire-au-noireau'
const INFORMATIONS = ['/aide', '/accessibilite', '/mentions-legales', '/donnees-personnelles']
const TYPES = ['/composants/questions', ...exemplesDeTypes.map(({ type }) => `/composants/questions/${type}`)]
const PAGES = [
  '/',
  '/recherche',
  '/recherche?q=vire',
  '/recherche?q=Vaudry',
  '/recherche?q=Suleuvre+en+bocage',
  '/recherche?q=zzzzzz',
  ...INFORMATIONS,
  ...['/vire-normandie', '/valdalliere', EPCI].flatMap(base => [base, `${base}/demarches`, ...INFORMATIONS.map(path => base + path)]),
  '/vire-normandie/demarches?q=acte',
  '/vire-normandie/demarches?q=piscine',
  '/vire-normandie/demarches/acte-etat-civil',
  '/vire-normandie/demarches/restauration-scolaire',
  '/valdalliere/demarches/restauration-scolaire',
  '/valdalliere/demarches/occupation-domaine-public',
]

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // As in ui/examples.test.tsx, where each is explained.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    'void-style': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'doctype-style': ['error', { style: 'lowercase' }],
    'prefer-native-element': ['error', { exclude: ['search', 'status'] }],
    'no-redundant-role': 'off',
    'tel-non-breaking': 'off',
    'require-sri': 'off',
  },
})

test('every public page: valid, within 14,000 bytes and 300 elements, two requests, links that exist', async () => {
  const ours = new Set<string>()
  for (const url of [...PAGES, ...TYPES]) {
    const response = await get(url)
    assert.equal(response.statusCode, 200, url)
    const report = await validator.validateString(response.body)
    assert.deepEqual(
      report.results.flatMap(result => result.messages.map(m => `${m.ruleId}: ${m.message} (${m.selector})`)),
      [],
      url,
    )
    const assets = [...response.body.matchAll(/(?:href|src)="(\/actifs\/[^"]*)"/g)].map(match => match[1]!)
    assert.equal(assets.length, 1, url)
    const style = await get(assets[0]!, { 'accept-encoding': 'gzip, br' })
    assert.equal(style.headers['content-encoding'], 'br')
    const bytes = brotliCompressSync(response.rawPayload).length + style.rawPayload.length + 2 * headBytes(response.headers)
    assert.ok(bytes <= 14_000, `${url}: ${bytes} bytes`)
    const elements = response.body.match(/<[a-z]/g)!.length
    assert.ok(elements <= 300, `${url}: ${elements} elements`)
    assert.doesNotMatch(response.body, /undefined|\[object|<script|style=/, url)
    for (const [, href] of response.body.matchAll(/href="(\/[^"]*)"/g)) ours.add(href!)
  }
  const elsewhere = /^\/(actifs\/.*|agents|[^/]+\/(suivi|mes-dossiers|agent|demarches\/[^/]+\/(commencer|papier|chiffres)))$/
  for (const href of ours) if (!elsewhere.test(href)) assert.equal((await get(href)).statusCode, 200, href)
  assert.ok(ours.size > 40)
})

const headBytes = (headers: object) =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length + 4, 0)

test('sentences are short: 15 words on average, never more than 25', async () => {
  for (const url of PAGES) {
    const body = (await get(url)).body.replace(/.*<main[^>]*>|<\/main>.*/gs, '')
    const sentences = [...body.matchAll(/<(p|li|dd)\b[^>]*>(.*?)<\/\1>/gs)]
      // The title of a link is a line of its own, above its description.
      .flatMap(match =>
        match[2]!
          .replaceAll('</a>', '\n')
          .replace(/<[^>]+>/g, '')
          .split(/(?<=[.?!])\s+|\n/),
      )
      .map(text => text.split(/[\s\u00a0]+/).filter(word => /[\p{L}\p{N}]/u.test(word)).length)
      .filter(words => words > 0)
    assert.ok(Math.max(0, ...sentences) <= 25, `${url}: ${Math.max(...sentences)} words`)
    // Two sentences do not make an average.
    if (sentences.length >= 6) assert.ok(sentences.reduce((a, b) => a + b, 0) / sentences.length <= 15, url)
  }
})

test('a commune is found whatever is typed, and what was typed stays', async () => {
  const found = async (q: string) => (await get(`/recherche?q=${encodeURIComponent(q)}`)).body
  assert.match(await found('14500'), /href="\/vire-normandie">Vire Normandie/)
  assert.match(await found('Vaudry'), /« Vaudry » fait partie de Vire Normandie/)
  assert.match(await found('Suleuvre en bocage'), /Aucune commune de ce nom\. Voici la plus proche[\s\S]*Souleuvre en Bocage/)
  assert.match(await found('zzzzzz'), /Aucune commune trouvée pour « zzzzzz »/)
  assert.match(await found('"><b>x'), /value="&quot;>&lt;b>x"/)
})

test('hostile searches have an answer', async () => {
  const queries = [
    '?q=',
    '?q=%',
    '?q=%00',
    '?q=%ff',
    '?q=a&q=b',
    '?q[]=1',
    '?q=%ED%A0%80',
    `?q=${'é'.repeat(900)}`,
    "?q=' or 1=1 --",
    '?q=<script>',
  ]
  for (const path of ['/recherche', '/vire-normandie/demarches'])
    for (const query of queries) {
      const response = await get(path + encodeURI(query).replaceAll('%25', '%'))
      assert.equal(response.statusCode, 200, path + query)
      assert.doesNotMatch(response.body, /<script/)
    }
})

test('a square shows what is known, its démarches, and its intercommunalité', async () => {
  const vire = (await get('/vire-normandie')).body
  assert.match(vire, /<a href="tel:\+33261910012">02 61 91 00 12<\/a>/)
  assert.match(vire, /<dt>Lundi au vendredi<\/dt><dd>9 h – 12 h<\/dd>/)
  assert.match(vire, /href="\/vire-normandie\/demarches\/acte-etat-civil"/)
  assert.doesNotMatch(vire, /restauration-scolaire/)
  assert.match(vire, new RegExp(`href="${EPCI}/demarches/occupation-domaine-public"`))
  const unknown = (await get('/valdalliere')).body
  assert.match(unknown, /Les coordonnées de la mairie ne sont pas encore indiquées ici/)
  assert.doesNotMatch(unknown, /tel:|mailto:/)
  assert.match((await get(EPCI)).body, /Ses 17 communes[\s\S]*href="\/vire-normandie"/)
})

test('a closed démarche says so with the telephone; an open one begins', async () => {
  const closed = (await get('/vire-normandie/demarches/restauration-scolaire')).body
  assert.match(closed, /n’est pas ouverte en ligne[\s\S]*02\u00a061\u00a091\u00a000\u00a012/)
  assert.doesNotMatch(closed, /\/commencer"/)
  assert.match(
    (await get('/vire-normandie/demarches/acte-etat-civil')).body,
    /href="\/vire-normandie\/demarches\/acte-etat-civil\/commencer"/,
  )
  assert.match((await get('/vire-normandie/demarches?q=piscine')).body, /Aucune démarche trouvée[\s\S]*02\u00a061\u00a091\u00a000\u00a012/)
})

test('unknown commune, page, démarche, stylesheet: the same 404 to the byte', async () => {
  const paths = [
    '/nulle-part',
    '/nulle-part/aide',
    '/vire-normandie/rien',
    '/vire-normandie/demarches/inconnue',
    '/actifs/x.css',
    '/vire-normandie/demarches/%00',
  ]
  const answers = await Promise.all(paths.map(path => get(path)))
  for (const [index, { statusCode }] of answers.entries()) assert.equal(statusCode, 404, paths[index])
  assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
  assert.equal(
    answers[0]!.body,
    errorPage(app, undefined, { code: 'x', status: 404, sentence: (await sentence(answers[0]!.body))! }, { reference: 'r' }),
  )
})

const sentence = async (body: string) => /<\/h1><p>([^<]*)</.exec(body)?.[1]

test('other errors keep what was typed, the reference and the telephone, and run nothing', async () => {
  const vire = await collectiviteDuChemin(app, 'vire-normandie')
  const html = errorPage(
    app,
    vire,
    { code: 'x', status: 503, sentence: 'Attendez.' },
    { reference: 'ab12', kept: { demandeurNom: '<b>É', choix: ['a', 'b'] } },
  )
  assert.match(html, /<title>Service indisponible – Vire Normandie<\/title>/)
  for (const part of ['ab12', '02 61 91 00 12', 'Demandeur nom : &lt;b>É', 'Choix : a, b']) assert.ok(html.includes(part), part)
  const report = await validator.validateString(html)
  assert.equal(report.errorCount, 0)
})

test('a commune that became part of another leads there', async () => {
  await sql`update collectivite set remplacee_par = (select id from collectivite where chemin = 'vire-normandie'), fermee_le = now() where chemin = 'beaumesnil'`.execute(
    database.owner.kysely,
  )
  for (const path of ['', '/demarches', '/aide', '/demarches/acte-etat-civil']) {
    const response = await get(`/beaumesnil${path}`)
    assert.deepEqual([response.statusCode, response.headers.location], [303, '/vire-normandie'], path)
  }
  await sql`update collectivite set remplacee_par = null, fermee_le = null where chemin = 'beaumesnil'`.execute(database.owner.kysely)
})

test('stylesheets are kept for ever, sealed, in the colour of the commune', async () => {
  const href = /href="(\/actifs\/[^"]*)"/.exec((await get('/vire-normandie')).body)![1]!
  const style = await get(href)
  assert.equal(style.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.match(String(style.headers['content-type']), /^text\/css/)
  assert.ok(style.body.startsWith(built.css.slice(0, 200)) && style.body.includes('--accent:#'))
  assert.equal((await get(href, { 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip')
  for (const forged of [href.replace('c8102e', 'c8102f'), href.replace(/.\.css$/, '.css'), href.replace(print, 'autre'), `${href}x`])
    assert.equal((await get(forged)).statusCode, 404, forged)
  const script = await get(`/actifs/${print}.js`)
  assert.equal(script.body, built.js)
})

test('a commune with its own host: links stay there, and the territory is absolute', async () => {
  hosts.set('vire.example', 'vire-normandie')
  await sql`update collectivite set hote = 'vire.example' where chemin = 'vire-normandie'`.execute(database.owner.kysely)
  const home = (await get('/', { host: 'vire.example' })).body
  assert.match(home, /action="\/demarches"/)
  assert.match(home, /href="http:\/\/localhost\/">Changer de commune/)
  assert.match(home, new RegExp(`href="http://localhost${EPCI}"`))
  assert.equal((await get('/robots.txt', { host: 'vire.example' })).body, 'User-agent: *\nDisallow: /\n')
  assert.match((await get('/recherche?q=vire')).body, /href="http:\/\/vire\.example"/)
  await sql`update collectivite set hote = null where chemin = 'vire-normandie'`.execute(database.owner.kysely)
})

test('the design system and the statement that claims no more than was checked', async () => {
  assert.match((await get('/composants')).body, /<h1>Composants<\/h1>/)
  assert.match((await get('/vire-normandie/accessibilite')).body, /<strong>non conforme<\/strong>/)
  assert.match((await get('/vire-normandie/mentions-legales')).body, /la commune de Vire Normandie, SIREN 200 060 176/)
})

test('the source of what runs is offered where the operator says it is, and nowhere otherwise', async () => {
  assert.doesNotMatch((await get('/mentions-legales')).body, /code source|EUPL/)
  const config = (PARVIS_CODE_SOURCE: string) =>
    readConfig({ PARVIS_DEMONSTRATION: 'oui', PARVIS_JOURNAL: 'silencieux', PARVIS_CODE_SOURCE })
  const told = testApp(database.app, { config: config('https://depot.example/parvis?a=1&b=2') })
  const other = await createServer(told, portail.routes, hooks)
  for (const url of ['/mentions-legales', '/vire-normandie/mentions-legales']) {
    const { body } = await other.inject({ url })
    assert.match(body, /EUPL 1\.2[^<]+<a href="https:\/\/depot\.example\/parvis\?a=1&(amp;)?b=2">le code source de ce service<\/a>/)
    assert.equal((await validator.validateString(body)).errorCount, 0)
  }
  for (const wrong of [
    'depot.example',
    'javascript:alert(1)',
    'ssh://git@depot.example/p',
    'https://jeton:secret@depot.example',
    'https://jeton@depot.example',
  ]) {
    assert.throws(() => config(wrong), /PARVIS_CODE_SOURCE=/, wrong)
  }
})
