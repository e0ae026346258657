import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Form } from '../../../platform/http/form.ts'
import { adresseDuChoix, type Choix, lireChoix, schemaChoix, TOUT, TRIS } from './choix.ts'
import { motsCherches, motsDe } from './mots.ts'
import { finDe } from './termes.ts'
import { enOrdre } from './valeurs.ts'

test('words: folded, whole and in parts, figures together', () => {
  assert.deepEqual([...motsDe('Mme Léa MÜLLER-Œuvray, à Vire')], ['mme', 'lea', 'muller', 'oeuvray', 'vire'])
  assert.deepEqual([...motsDe('lea.martin@exemple.fr')], ['lea.martin@exemple.fr', 'lea', 'martin'])
  assert.deepEqual([...motsDe('au 02 61 91 00 12, le soir')], ['0261910012', 'soir'])
  assert.ok(motsDe('+33 2 61 91 00 12').has('0261910012'))
  assert.deepEqual([...motsDe(' . @ a é')], [])
})

test('what is looked for meets what was kept', () => {
  assert.deepEqual(motsCherches('  Dupont   LÉA '), ['dupont', 'lea'])
  assert.deepEqual(motsCherches('02.61.91.00.12'), ['0261910012'])
  assert.deepEqual(motsCherches("%' or 1=1 --"), ['or', '1'])
  assert.deepEqual(motsCherches('...@@'), [])
  assert.deepEqual(motsCherches('rue de la Paix'), ['rue', 'paix'])
  assert.deepEqual(motsCherches('de'), ['de'])
})

test('property: every word kept is found by its beginnings, and holds no character that ends a range or a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), text => {
      for (const word of motsDe(text)) {
        assert.match(word, /^[a-z0-9@.]{2,40}$/)
        for (let length = 1; length <= word.length; length++) {
          const begin = word.slice(0, length)
          assert.ok(word >= begin && word < finDe(begin))
        }
      }
      for (const word of motsCherches(text)) assert.match(word, /^[a-z0-9@.]{1,40}$/)
    }),
    { numRuns: 500 },
  )
})

test('property: numbers in order as texts are in order as numbers, to a millionth', () => {
  const number = fc.oneof(fc.integer(), fc.double({ min: -1e11, max: 1e11, noNaN: true }), fc.constantFrom(0, -0, 1e-6, -1e-6, 12.5, -12.5))
  fc.assert(
    fc.property(number, number, (a, b) => {
      if (Math.abs(a - b) < 1e-4) return
      assert.equal(enOrdre(a) < enOrdre(b), a < b, `${a} ${b}`)
    }),
    { numRuns: 1000 },
  )
})

const read = (query: string): Choix => {
  const given = new URLSearchParams(query)
  return lireChoix({ get: name => given.getAll(name).at(-1) ?? '', names: () => [...given.keys()], all: name => given.getAll(name) })
}

const unChoix: fc.Arbitrary<Choix> = fc.record(
  {
    q: fc.stringMatching(/^[a-zé ]{0,20}$/),
    etat: fc.constantFrom('', 'tous', 'termines', 'accepte', 'en_construction'),
    faire: fc.constantFrom('', 'retard', 'message'),
    demarche: fc.constant('location-salle'),
    service: fc.constantFrom('', 'Éducation & sports'),
    qui: fc.constantFrom('', 'moi', 'personne', '0196f0a4-4d8f-7c00-8000-000000000001'),
    etiquette: fc.constantFrom('', '0196f0a4-4d8f-7c00-8000-000000000002'),
    canal: fc.constantFrom('', 'papier'),
    du: fc.constantFrom('', '2026-02-28'),
    au: fc.constantFrom('', '2026-12-31'),
    champs: fc.constantFrom(
      [],
      [{ champ: 'salle', valeur: 'fetes' }],
      [
        { champ: 'personnes', de: '10', a: '12,5' },
        { champ: 'usage', mots: 'été' },
      ],
    ),
    tri: fc.constantFrom('', ...TRIS),
    colonnes: fc.uniqueArray(fc.constantFrom('salle', 'usage', 'debut')),
  },
  { noNullPrototype: true },
)

test('property: a choice is its address', () => {
  fc.assert(fc.property(unChoix, choix => assert.deepEqual(read(adresseDuChoix(choix)), choix)))
})

test('property: any address gives a valid choice', () => {
  const name = fc.oneof(
    fc.constantFrom(...Object.keys(TOUT), 'c-x-de', 'c-x-valeur', 'c-x-nul', 'col', 'c--de', 'demarche'),
    fc.string({ maxLength: 8 }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'binary', maxLength: 60 })), { maxLength: 12 }), pairs => {
      const form = new Form(Object.fromEntries(pairs))
      const choix = lireChoix({ get: one => form.line(one, 120), names: () => Object.keys(form.fields), all: one => form.all(one) })
      assert.ok(schemaChoix.safeParse(choix).success)
      assert.deepEqual(read(adresseDuChoix(choix)), choix)
    }),
    { numRuns: 500 },
  )
})
