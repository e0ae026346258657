import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { estUnJeton, jetonDeLEntete, nouveauJeton, porteeDuProgramme } from './jeton.ts'

test('a token is recognised; one character changed is told before anything is asked of the database', () => {
  const made = new Set(Array.from({ length: 500 }, nouveauJeton))
  assert.equal(made.size, 500)
  for (const token of made) assert.ok(estUnJeton(token), token)
  fc.assert(
    fc.property(fc.integer({ min: 7, max: 48 }), fc.constantFrom(...'0AZaz9k'), (place, letter) => {
      const token = nouveauJeton()
      const changed = token.slice(0, place) + letter + token.slice(place + 1)
      assert.equal(estUnJeton(changed), changed === token)
    }),
  )
  fc.assert(fc.property(fc.string(), text => assert.ok(!estUnJeton(text) && !estUnJeton(`parvis_${text}`))))
})

test('the header of a token, whatever it is', () => {
  assert.equal(jetonDeLEntete(undefined), undefined)
  assert.equal(jetonDeLEntete('Bearer abc'), 'abc')
  assert.equal(jetonDeLEntete('bearer  abc'), 'abc')
  for (const wrong of ['', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', `Bearer ${'x'.repeat(300)}`])
    assert.equal(jetonDeLEntete(wrong), '', wrong)
})

test('what a program sees: no démarche chosen is none at all, never all', () => {
  const portee = (demarches: string[] | null, voitReserves = false) => porteeDuProgramme({ demarches, voitReserves }, ['Social'])
  assert.deepEqual(portee(null), { sauf: ['Social'], seulement: null })
  assert.deepEqual(portee([]), { sauf: ['Social'], seulement: [] })
  assert.deepEqual(portee(['cantine'], true), { sauf: [], seulement: [{ demarcheId: 'cantine', service: null }] })
})
