import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { apresEchec, ESSAIS_AU_PLUS, segmentsDe } from './envoi.ts'

test('a refused address is refused at once, a busy server is tried until the last try, then said', () => {
  assert.equal(apresEchec(true, 1, 'a@b.example').etat, 'refuse')
  assert.match(apresEchec(true, 1, 'pas une adresse').erreur, /mal écrite/)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), essai => {
      assert.equal(apresEchec(false, essai, 'a@b.example').etat, essai < ESSAIS_AU_PLUS ? 'a_remettre' : 'refuse')
    }),
  )
})

test('cutting a text at its addresses loses nothing', () => {
  const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.constantFrom('http://', 'https://x', '. ', '\n', '(', ')', '<'))
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const texte = pieces.join('')
      const segments = segmentsDe(texte)
      assert.equal(segments.map(s => (typeof s === 'string' ? s : s.href)).join(''), texte)
      for (const s of segments) if (typeof s !== 'string') assert.match(s.href, /^https?:\/\/\S+$/)
    }),
  )
  assert.deepEqual(segmentsDe('Voyez :\nhttp://localhost:4000/vire/suivi?r=1#a.\nMerci'), [
    'Voyez :\n',
    { href: 'http://localhost:4000/vire/suivi?r=1#a' },
    '.\nMerci',
  ])
})
