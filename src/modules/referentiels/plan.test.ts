import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cadre, dessinerPlan, distanceM, type Repere } from './plan.ts'

const vire = { lat: 48.8385, lon: -0.8893 }
const wellFormed = (svg: string) => {
  const open: string[] = []
  for (const [, close, name, self] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g))
    if (close) assert.equal(open.pop(), name, svg)
    else if (!self) open.push(name!)
  assert.deepEqual(open, [])
  assert.doesNotMatch(svg.replaceAll(/<[^<>]*>/g, ''), /[<>]/)
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/)
}

test('distances are those of the ground', () => {
  assert.ok(Math.abs(distanceM(vire, { lat: 48.8385, lon: -0.8793 }) - 733) < 5)
  assert.ok(Math.abs(distanceM(vire, { lat: 49.8385, lon: -0.8893 }) - 111_320) < 10)
  assert.equal(distanceM(vire, vire), 0)
  assert.ok(distanceM({ lat: -14, lon: 179.99 }, { lat: -14, lon: -179.99 }) < 2200, 'across the antimeridian')
})

test('a frame holds what is within its distance, in latitude and in longitude', () => {
  const { latMin, latMax, lonMin, lonMax } = cadre(vire, 150)
  for (const lat of [latMin, latMax]) assert.ok(Math.abs(distanceM(vire, { lat, lon: vire.lon }) - 150) < 1)
  for (const lon of [lonMin, lonMax]) assert.ok(Math.abs(distanceM(vire, { lat: vire.lat, lon }) - 150) < 1)
})

test('neighbours are where they are: the east at the right, the north above, streets named once, far ones left out', () => {
  const east: Repere = { voie: 'Rue de l’Est', numero: '12bis', lat: 48.8385, lon: -0.888 }
  const north: Repere = { voie: 'Rue du Nord', numero: '3', lat: 48.8393, lon: -0.8893 }
  const svg = dessinerPlan(vire, [east, { ...east, numero: '14', lon: -0.8879 }, north, { ...north, voie: 'Rue Lointaine', lat: 50 }], 150)
  wellFormed(svg)
  const [first, , third] = [...svg.matchAll(/M(\d+) (\d+)h0/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
  assert.ok(first![0] > 300 && first![1] === 125, String(first))
  assert.ok(third![0] === 200 && third![1] < 50, String(third))
  assert.equal(svg.match(/Rue de l’Est/g)?.length, 1)
  assert.match(svg, />12bis</)
  assert.doesNotMatch(svg, /Lointaine/)
  const here = dessinerPlan(vire, [{ ...vire, voie: 'Rue du Point', numero: '1' }], 150)
  assert.match(here, /Rue du Point/, 'the street of the point itself is named, beside the mark')
  assert.match(svg, />50 m</)
  assert.match(svg, />N</)
  assert.match(svg, /Base Adresse Locale/)
})

test('without neighbours, the degrees are drawn and no source is claimed', () => {
  const svg = dessinerPlan(vire, [], 500)
  wellFormed(svg)
  assert.match(svg, />48,84\d\d°</)
  assert.match(svg, />-0,89\d\d°</)
  assert.doesNotMatch(svg, /Base Adresse/)
})

test('any point and any name make a sound image, and markup in a name stays text', () => {
  const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true })
  // A name may be « NaN »: what is looked for is a number that is none.
  const voie = fc.string().filter(name => !/NaN|Infinity|undefined/.test(name))
  const repere = fc.record({ voie, numero: fc.string({ maxLength: 6 }), lat: degrees(90), lon: degrees(180) })
  fc.assert(
    fc.property(
      degrees(90),
      degrees(180),
      fc.array(repere, { maxLength: 8 }),
      fc.constantFrom(150, 500, 2000),
      (lat, lon, reperes, rayonM) => {
        const here = reperes.map((one, rank) => ({ ...one, lat: lat + rank * 1e-4, lon: lon + rank * 1e-4 }))
        wellFormed(dessinerPlan({ lat, lon }, rank(reperes, here), rayonM))
      },
    ),
    { numRuns: 1000 },
  )
  const svg = dessinerPlan(vire, [{ ...vire, lat: 48.839, voie: '</text><script>alert(1)</script>&"', numero: '' }], 150)
  wellFormed(svg)
  assert.doesNotMatch(svg, /<script/)
})

const rank = (far: readonly Repere[], here: readonly Repere[]) => (far.length % 2 === 0 ? here : far)
