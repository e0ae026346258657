import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { coordonneesDe, ecrire, motsDe, pointDe } from '../../../ui/client/carte-mots.client.ts'
import { ecrireCoordonnees, estSurTerre, lireCoordonnees } from './coordonnees.ts'

const vire = { lat: 48.8385, lon: -0.8893 }

test('coordinates are read as people type them and as map sites give them', () => {
  for (const typed of [
    '48,8385, -0,8893',
    '48,8385,-0,8893',
    '48.8385,-0.8893',
    '48.8385 -0.8893',
    '48,8385 ; -0,8893',
    '48,8385 / −0,8893',
    '48.8385° N, 0.8893° O',
    '48.8385N 0.8893W',
    'N 48,8385 O 0,8893',
    '0,8893 Ouest, 48,8385 Nord',
    '(48.83850, -0.88930)',
    'geo:48.8385,-0.8893?z=17',
    'https://www.openstreetmap.org/#map=17/48.8385/-0.8893',
    'https://www.openstreetmap.org/?mlat=48.8385&mlon=-0.8893#map=17/48.83850/-0.88930',
    'https://www.google.com/maps/@48.8385,-0.8893,17z?entry=ttu',
  ])
    assert.deepEqual(lireCoordonnees(typed), { point: vire, mots: '' }, typed)
  for (const typed of [`48°50'18.6"N 0°53'21.5"W`, '48° 50′ 18,6″ N, 0° 53′ 21,5″ O', `0°53'21.5"O 48°50'18.6"N`])
    assert.deepEqual(lireCoordonnees(typed), { point: { lat: 48.8385, lon: -0.88931 }, mots: '' }, typed)
})

test('the words around coordinates are kept, without the brackets that held them', () => {
  for (const [typed, mots] of [
    ['1 Rue des Tilleuls, 14500 Vire (48,8385, -0,8893)', '1 Rue des Tilleuls, 14500 Vire'],
    ['48,8385, -0,8893 : devant le pont', 'devant le pont'],
    ['au pont (48.8385, -0.8893), côté gauche', 'au pont côté gauche'],
    ['le PAS 48,8385, -0,8893', 'le PAS'],
    ['ici https://www.google.com/maps/@48.8385,-0.8893,17z merci', 'ici merci'],
  ] as const)
    assert.deepEqual(lireCoordonnees(typed), { point: vire, mots }, typed)
})

test('an address, a price, a telephone, metres of Lambert 93 or half a pair are not coordinates', () => {
  for (const typed of [
    '12 bis rue du Moulin, 14500 Vire',
    'devant le 3,50',
    '02 61 91 00 12',
    '421345,123 6869123,456',
    '48,8385',
    '12,5 m, 3,25 m',
    'parcelle AB 123, 124',
    'https://exemple.fr/2026/07/article',
    '',
  ])
    assert.equal(lireCoordonnees(typed), null, typed)
})

test('what is written is read back, with any words before it; any text is read without a fault', () => {
  const degrees = (max: number) => fc.integer({ min: -max * 1e5, max: max * 1e5 }).map(units => units / 1e5 + 0)
  fc.assert(
    fc.property(degrees(90), degrees(180), fc.string(), (lat, lon, words) => {
      const kept = lireCoordonnees(ecrireCoordonnees({ lat, lon }))
      assert.deepEqual(kept, { point: { lat, lon }, mots: '' })
      assert.deepEqual(lireCoordonnees(`${words} (${ecrireCoordonnees({ lat, lon })})`)?.point, { lat, lon })
    }),
    { numRuns: 2000 },
  )
  const parts = fc.constantFrom('48,8385', '-0.8893', ' ', ', ', ',', '°', 'N', 'O', "'", '"', '12', '(', ')', 'https://', 'geo:', 'x', '9')
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), all => {
      const read = lireCoordonnees(all.join(''))
      if (!read || !estSurTerre(read.point)) return
      const again = lireCoordonnees(`${read.mots} (${ecrireCoordonnees(read.point)})`)
      assert.deepEqual(again?.point, read.point, all.join(''))
    }),
    { numRuns: 5000 },
  )
})

test('what the map writes in a box, the server reads: the same words, the same point', () => {
  const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true })
  const words = fc.constantFrom('', '5 Rue de l’Essai, 14500 Vire Normandie', 'devant le banc (cassé), à gauche', '12,5 m après le pont')
  fc.assert(
    fc.property(degrees(90), degrees(180), words, (lat, lng, mots) => {
      const box = ecrire(mots, { lat, lng })
      const read = lireCoordonnees(box)!
      assert.equal(read.mots, mots)
      assert.equal(
        ecrireCoordonnees(read.point).replaceAll('-0,00000', '0,00000'),
        coordonneesDe({ lat, lng }).replaceAll('-0,00000', '0,00000'),
      )
      assert.equal(motsDe(box), mots)
      const { lat: y, lng: x } = pointDe(box)!
      assert.ok(Math.abs(y - lat) < 1e-5 && Math.abs(x - lng) < 1e-5)
    }),
    { numRuns: 2000 },
  )
  assert.equal(pointDe('148,8385, -0,8893'), undefined)
  assert.equal(pointDe('devant la mairie'), undefined)
})

test('a long hostile text is read in a moment', () => {
  for (const piece of ['48,8385', '1', '48,8385 ', "1°1'", 'N ', 'http://', ',,,']) {
    const start = performance.now()
    lireCoordonnees(piece.repeat(20_000 / piece.length))
    assert.ok(performance.now() - start < 3000, piece)
  }
})
