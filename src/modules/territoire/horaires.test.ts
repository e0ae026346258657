import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lireHoraires } from './horaires.ts'

test('a line is its days, then its hours', () => {
  assert.deepEqual(lireHoraires('Lundi au vendredi : 9 h – 12 h, 14 h – 17 h\n\n  Samedi:9:00-12:00 '), [
    { jours: 'Lundi au vendredi', heures: '9 h – 12 h, 14 h – 17 h' },
    { jours: 'Samedi', heures: '9:00-12:00' },
  ])
})

test('a line without days is kept, hours with colons are not cut', () => {
  assert.deepEqual(lireHoraires('Sur rendez-vous\n9:00 à 12:00 tous les jours\nLundi :'), [
    { jours: 'À noter', heures: 'Sur rendez-vous' },
    { jours: 'À noter', heures: '9:00 à 12:00 tous les jours' },
    { jours: 'À noter', heures: 'Lundi :' },
  ])
  assert.deepEqual(lireHoraires(null), [])
  assert.deepEqual(lireHoraires(' \n'), [])
})

test('nothing that was typed is lost', () => {
  const text = fc.string({ unit: fc.constantFrom('l', '9', ':', ' ', '\n', 'h', '–') })
  fc.assert(
    fc.property(text, typed => {
      const letters = (s: string) => s.replace(/[\s:]/g, '')
      const shown = lireHoraires(typed).map(({ jours, heures }) => (jours === 'À noter' ? heures : jours + heures))
      assert.equal(letters(shown.join('')), letters(typed))
    }),
  )
})
