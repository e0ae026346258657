import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testApp } from '../../platform/app.testing.ts'
import { stoppedClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { readInTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { createServer } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { type Collectivite, collectiviteParId } from '../territoire/index.ts'
import { chercheurDe, importerAdresses } from './index.ts'
import { referentiels } from './module.ts'
import { distanceM } from './plan.ts'
import type { Lire } from './queries/adresses.ts'
import { adresseProche, centreDe, planDeCommune, reperesAutour } from './queries/plan.ts'

const database = await testDatabase()
const clock = stoppedClock('2026-11-21T09:30:00Z')
const app = testApp(database.app, { clock })

async function commune(code: string, chemin: string): Promise<Collectivite> {
  const id = newId()
  await sql`insert into collectivite (id, nature, nom, chemin, code, departement, ouverte_le)
    values (${id}, 'commune', ${chemin}, ${chemin}, ${code}, '14', now())`.execute(database.owner.kysely)
  return collectiviteParId(app, id)
}
const vire = await commune('14762', 'vire')
const landelles = await commune('14352', 'landelles')
const dans =
  ({ id }: Collectivite): Lire =>
  query =>
    readInTenant(app.db, id, query)

const titres = 'cle_interop;voie_nom;numero;suffixe;commune_insee;commune_nom;position;long;lat'
const ligne = (rue: string, code: string, numero: number, long: number | '', lat: number | '') =>
  `14762_${code}_${String(numero).padStart(5, '0')};${rue};${numero};;14762;Vire Normandie;;${long};${lat}`
// One street of twenty numbers towards the east, 11 m apart; a place alone, 4 km north; an address without a place.
const lines = [
  ...Array.from({ length: 20 }, (_, i) => ligne('Rue du Moulin', '0420', i + 1, Number((-0.89 + i * 1.5e-4).toFixed(6)), 48.84)),
  ligne('La Blanchardière', 'b001', 99_999, -0.89, 48.876),
  ligne('Rue sans Place', '0500', 3, '', ''),
]
const importer = (all: readonly string[]) => importerAdresses(database.owner, clock, Buffer.from([titres, ...all].join('\n')))

test('before a file, nothing is known of a point, and it is accepted as given', async () => {
  assert.equal(await chercheurDe(app, vire)({ source: 'point', mots: '48.84 -0.89' }), 'indisponible')
  assert.equal(await centreDe(dans(vire), vire.id), undefined)
  assert.equal(await planDeCommune(dans(vire), vire.id), undefined)
  assert.deepEqual(await reperesAutour(dans(vire), vire.id, { lat: 48.84, lon: -0.89 }), { reperes: [], rayonM: 500 })
})

test('the address within 50 m is found, the nearest, with its label; further there is none', async () => {
  assert.ok((await importer(lines)).ok)
  const near = (lat: number, lon: number) => adresseProche(dans(vire), vire.id, { lat, lon })
  assert.match((await near(48.8401, -0.88999))?.libelle ?? '', /^1 Rue du Moulin, .*Vire Normandie$/)
  assert.match((await near(48.8399, -0.8897))?.libelle ?? '', /^3 Rue du Moulin/)
  assert.match((await near(48.87601, -0.89))?.libelle ?? '', /^La Blanchardière/)
  assert.equal(await near(48.8408, -0.89), undefined, '89 m')
  // The corner of the square of 100 m is at 70 m.
  assert.equal(await near(48.8396, -0.89061), undefined, 'a corner')
  assert.equal(await adresseProche(dans(landelles), landelles.id, { lat: 48.84, lon: -0.89 }), undefined, 'of another commune')
})

test('a plan shows enough around: 150 m in a street, 2 km in the country, nothing far away', async () => {
  const around = (lat: number, lon: number) => reperesAutour(dans(vire), vire.id, { lat, lon })
  const street = await around(48.84, -0.89)
  assert.equal(street.rayonM, 150)
  assert.deepEqual(street.reperes[0], { voie: 'Rue du Moulin', numero: '1', lat: 48.84, lon: -0.89 })
  assert.ok(street.reperes.every(({ lat, lon }) => distanceM({ lat, lon }, { lat: 48.84, lon: -0.89 }) < 215))
  const country = await around(48.875, -0.89)
  assert.deepEqual([country.rayonM, country.reperes.map(({ voie }) => voie)], [2000, ['La Blanchardière']])
  assert.deepEqual((await around(10, 10)).reperes, [])
})

test('what a point is told: the address near, or how far the commune is', async () => {
  const chercher = chercheurDe(app, vire)
  const of = async (mots: string) => (await chercher({ source: 'point', mots }))[0]
  const near = await of('48.84 -0.89')
  assert.ok(
    typeof near === 'object' &&
      near.libelle.startsWith('1 Rue du Moulin') &&
      near.valeurs.code === '14762' &&
      near.valeurs.km === undefined,
  )
  assert.deepEqual(await of('48.9 -0.89'), { cle: 'point', libelle: '', valeurs: {} })
  const far = await of('-0.89 48.84')
  assert.ok(typeof far === 'object' && Number(far.valeurs.km) > 5000 && far.libelle === '')
  assert.equal(await chercher({ source: 'point', mots: 'x y' }), 'indisponible')
})

test('the plan of a commune says each street once, and gives 12,000 points at most, spread over all', async () => {
  const plan = (await planDeCommune(dans(vire), vire.id))!
  assert.equal(plan.points.length, 40)
  assert.deepEqual(plan.voies.map(([nom]) => nom).sort(), ['La Blanchardière', 'Rue du Moulin'])
  const [lat, lon] = [plan.origine[0] + plan.points[0]! / 1e5, plan.origine[1] + plan.points[1]! / 1e5]
  assert.ok(distanceM({ lat, lon }, { lat: 48.84, lon: -0.89 }) < 2)
  const many = Array.from({ length: 13 }, (_, rue) =>
    Array.from({ length: 2000 }, (_, i) => ligne(`Rue ${rue}`, `1${String(rue).padStart(3, '0')}`, i + 1, -0.89, 48.84)),
  )
  assert.ok((await importer(many.flat())).ok)
  const large = (await planDeCommune(dans(vire), vire.id))!
  assert.ok(large.points.length / 2 <= 12_000 && large.points.length / 2 > 6000, String(large.points.length))
  assert.equal(large.voies.length, 13)
  assert.ok((await importer(lines)).ok)
})

test('over HTTP: a map is described when there is something to show; coordinates that are none are refused', async () => {
  const serve = async (more: Record<string, string> = {}) => {
    const config = readConfig({ PARVIS_DEMONSTRATION: 'oui', PARVIS_JOURNAL: 'silencieux', ...more })
    const served = testApp(database.app, { clock, config })
    const hooks = {
      tenant: async (_: unknown, segment: string) => (segment === 'vire' ? vire : landelles),
      segmentOfHost: () => undefined,
      agent: async () => ({ html: '' }),
      errorPage: () => 'refus',
    }
    return createServer(served, referentiels.routes, hooks)
  }
  const server = await serve()
  const carte = (await server.inject('/vire/recherche/carte')).json()
  assert.equal(carte.tuiles, null)
  assert.match(carte.script, /^\/actifs\/.*-carte\.js$/)
  assert.ok(Math.abs(carte.centre[0] - 48.84) < 0.01)
  assert.deepEqual((await server.inject('/landelles/recherche/carte')).json(), {})
  assert.deepEqual((await server.inject('/landelles/recherche/plan')).json(), {})
  const svg = await server.inject('/vire/recherche/plan.svg?lat=48.84&lon=-0.89')
  assert.equal(svg.headers['content-type'], 'image/svg+xml; charset=utf-8')
  assert.match(svg.body, /^<svg .*Rue du Moulin/)
  for (const query of [
    '',
    '?lat=91&lon=0',
    '?lat=0',
    '?lat=0&lon=181',
    '?lat=1e9&lon=0',
    '?lat=NaN&lon=0',
    '?lat=%00&lon=0',
    '?lat=<b>&lon=2',
  ])
    for (const path of ['plan.svg', 'adresse-proche'])
      assert.equal((await server.inject(`/vire/recherche/${path}${query}`)).statusCode, 422, query)
  assert.deepEqual((await server.inject('/vire/recherche/adresse-proche?lat=48.84&lon=-0.89')).json().resultats.length, 1)
  const csp = (headers: object) => String(Reflect.get(headers, 'content-security-policy'))
  assert.match(csp(svg.headers), /img-src 'self' data:;/)

  const tiled = await serve({ PARVIS_TUILES: 'https://tuiles.example/a/{z}/{x}/{y}.png?cle=1', PARVIS_TUILES_MENTION: '© Exemple <b>' })
  const other = await tiled.inject('/landelles/recherche/carte')
  assert.deepEqual(other.json().tuiles, { modele: 'https://tuiles.example/a/{z}/{x}/{y}.png?cle=1', mention: '© Exemple <b>' })
  assert.match(csp(other.headers), /img-src 'self' data: https:\/\/tuiles\.example;/)
  assert.match(String(other.headers['permissions-policy']), /geolocation=\(self\)/)
})

test('tiles are configured whole, or refused in words', () => {
  const read =
    (PARVIS_TUILES: string, PARVIS_TUILES_MENTION = '© Exemple') =>
    () =>
      readConfig({ PARVIS_TUILES, PARVIS_TUILES_MENTION })
  assert.equal(read('http://127.0.0.1:8080/{z}/{x}/{y}.png')().tuiles?.origine, 'http://127.0.0.1:8080')
  assert.throws(read('https://tuiles.example/{z}/{x}/{y}.png', ''), /PARVIS_TUILES_MENTION/)
  for (const wrong of [
    'http://tuiles.example/{z}/{x}/{y}.png',
    'https://tuiles.example/{z}/{x}.png',
    'https://{x}.example/{z}/{y}/{x}.png',
    'https://moi:secret@tuiles.example/{z}/{x}/{y}.png',
    'tuiles/{z}/{x}/{y}',
    "https://tuiles.example;script-src 'unsafe-inline'/{z}/{x}/{y}",
  ])
    assert.throws(read(wrong), /PARVIS_TUILES=/, wrong)
})
