import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { modeles } from './catalogue.ts'
import { chercher, motsDe } from './recherche.ts'

const find = (typed: string) => chercher(modeles, typed, modele => modele).map(({ id }) => id)

test('people find a démarche with their own words, without accents, with mistakes, in any order', () => {
  for (const [typed, first] of [
    ['cantine', 'restauration-scolaire'],
    ['Inscrire ma fille à la CANTINE', 'restauration-scolaire'],
    ['cantnie', 'restauration-scolaire'],
    ['acte de naisance', 'acte-etat-civil'],
    ['deces', 'acte-etat-civil'],
    ['je veux un acte de mariage', 'acte-etat-civil'],
    ['demenagment', 'changement-adresse'],
    ['camion déménagements', 'occupation-domaine-public'],
    ['échafaud', 'occupation-domaine-public'],
  ])
    assert.equal(find(typed!)[0], first, typed)
})

test('other words find nothing, an empty search finds everything', () => {
  assert.equal(find('permis de construire')[0], 'demande-urbanisme-rendez-vous')
  for (const typed of ['zzzzzz', "'; drop xyzzy", '🎉', '%', 'de la']) assert.deepEqual(find(typed), [], typed)
  assert.equal(find('  ').length, modeles.length)
})

test('every keyword finds its démarche, with a letter missing too', () => {
  const known = modeles.flatMap(({ id, motsCles }) => motsCles.map(mot => ({ id, mot })))
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.nat(), ({ id, mot }, at) => {
      assert.ok(find(mot).includes(id), mot)
      const long = motsDe(mot).find(word => word.length >= 6)
      if (long) assert.ok(find(long.slice(0, at % long.length) + long.slice((at % long.length) + 1)).includes(id), mot)
    }),
  )
})

test('whatever is typed has an answer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), typed => find(typed).length <= modeles.length))
})
