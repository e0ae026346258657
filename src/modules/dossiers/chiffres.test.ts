import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Compte, centile, masquer, PETIT, periodeAPublier, publier, resumer, somme } from './chiffres.ts'

const comptage = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(60))

test('nothing under 11 is published, nor can be found by subtraction', () => {
  fc.assert(
    fc.property(comptage, parts => {
      const { total, visibles, masques } = masquer(parts)
      assert.ok(Object.values(visibles).every(count => count >= PETIT))
      assert.deepEqual([...Object.keys(visibles), ...masques].sort(), Object.keys(parts).sort())
      if (total === undefined) return assert.ok(somme(parts) < PETIT && Object.keys(visibles).length === 0)
      assert.ok(total >= PETIT)
      const together = total - somme(visibles)
      if (masques.length > 0) assert.ok(together >= PETIT, `${together} hidden together`)
      // A single part hidden would be known exactly.
      if (masques.length === 1) assert.equal(Object.keys(parts).length, 1)
    }),
    { numRuns: 5000 },
  )
})

test('who knows the rule and every figure published still cannot tell a hidden small number: all tables of three parts that add up to 40 at most', () => {
  const seen = new Map<string, Set<number>[]>()
  const MAX = 40
  for (let a = 0; a <= MAX; a++)
    for (let b = 0; b <= MAX; b++)
      for (let c = 0; c <= MAX; c++) {
        const { total, visibles, masques } = masquer({ a, b, c })
        if (total === undefined) continue
        const key = JSON.stringify([total, Object.entries(visibles).sort(), masques])
        const sets = seen.get(key) ?? [new Set(), new Set(), new Set()]
        for (const [rank, [name, value]] of Object.entries({ a, b, c }).entries()) if (masques.includes(name)) sets[rank]!.add(value)
        seen.set(key, sets)
      }
  let checked = 0
  for (const [key, sets] of seen)
    for (const values of sets) {
      if (values.size === 0 || Math.min(...values) >= PETIT) continue
      // At the edge of what was enumerated, other tables would give the same figures.
      if (JSON.parse(key)[0] > MAX) continue
      checked++
      assert.ok(values.size >= 2, `${key} gives ${[...values]}`)
    }
  assert.ok(checked > 100, String(checked))
})

test('median and nine tenths: nearest rank, as when the days are written one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(400), { minLength: 1, maxLength: 60 }), fc.constantFrom(0.5, 0.9), (days, part) => {
      const counts: Record<string, number> = {}
      for (const day of days) counts[String(day)] = (counts[String(day)] ?? 0) + 1
      const sorted = days.toSorted((x, y) => x - y)
      assert.equal(centile(counts, part), sorted[Math.ceil(sorted.length * part) - 1])
    }),
  )
  assert.equal(centile({}, 0.5), undefined)
})

const compte = (mois: string, mesure: Compte['mesure'], cle: string, nombre: number): Compte => ({
  demarcheId: 'x',
  mois,
  mesure,
  cle,
  nombre,
})

test('months add up', () => {
  const found = resumer([
    compte('2026-01-01', 'depot', 'web', 8),
    compte('2026-02-01', 'depot', 'web', 4),
    compte('2026-02-01', 'avis', '5', 1),
    compte('2026-02-01', 'avis', '2', 1),
  ])
  assert.deepEqual([found.depots, found.parCanal, found.avis], [12, { web: 12 }, { nombre: 2, moyenne: 3.5 }])
})

test('periods never overlap, and one with fewer than 11 filings waits and grows', () => {
  const comptes = [
    compte('2026-01-01', 'depot', 'web', 6),
    compte('2026-02-01', 'depot', 'papier', 5),
    compte('2026-03-01', 'depot', 'web', 40),
  ]
  assert.equal(periodeAPublier(comptes, undefined, '2026-02-01'), undefined)
  assert.deepEqual(periodeAPublier(comptes, undefined, '2026-03-01'), { du: '2026-01-01', au: '2026-03-01' })
  assert.equal(periodeAPublier(comptes, '2026-03-01', '2026-03-01'), undefined)
  assert.deepEqual(periodeAPublier(comptes, '2026-03-01', '2026-04-01'), { du: '2026-03-01', au: '2026-04-01' })
})

test('what nobody chose is hidden like what few did', () => {
  const { depots } = publier(resumer([compte('2026-01-01', 'depot', 'web', 30), compte('2026-01-01', 'depot', 'papier', 12)]), [])
  assert.equal(depots.total, 42)
  assert.deepEqual(depots.visibles, { web: 30 })
  assert.ok(depots.masques.includes('papier') && depots.masques.includes('sms'))
})
