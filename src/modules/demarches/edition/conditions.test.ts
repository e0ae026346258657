import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkFormulaire, definitions, type Expression } from '../../formulaires/index.ts'
import { anyExpression, anyFormulaire } from '../../formulaires/testing/random.ts'
import type { Modele } from '../index.ts'
import { modeles } from '../livre.ts'
import { enExpression, enLignes, sujetsDe } from './index.ts'

const cantine: Modele = modeles.find(({ id }) => id === 'restauration-scolaire') ?? assert.fail()
const { formulaire } = cantine
const ligne = (champ: string, comparaison: string, valeur = '') => ({ champ, comparaison, valeur })
const one = (champ: string, comparaison: string, valeur = '') =>
  enExpression({ jonction: 'toutes', lignes: [ligne(champ, comparaison, valeur)] }, formulaire)

/** What is typed for each control. */
const valeurs: Readonly<Record<string, readonly string[]>> = {
  aucun: [''],
  texte: ['Vire', 'a b'],
  nombre: ['12', '2,5', '1 200'],
  montant: ['12,50', '3 €'],
  date: ['27/03/2019', '2019-03-27', '1er mars 2026'],
}

describe('conditions built as sentences', () => {
  it('every comparison offered makes a sound condition, and comes back as lines', () =>
    fc.assert(
      fc.property(anyFormulaire, fc.nat(9), (form, draw) => {
        for (const etape of form.etapes)
          for (const champ of etape.champs)
            for (const subject of sujetsDe(champ))
              for (const { id, controle } of subject.comparaisons) {
                const typed = controle === 'codes' ? [...(subject.codes ?? [])].map(([code]) => code) : (valeurs[controle] ?? [])
                const valeur = typed[draw % typed.length] ?? ''
                const made = enExpression({ jonction: 'toutes', lignes: [ligne(subject.champ, id, valeur)] }, form)
                assert.ok(made.ok, `${champ.type} ${id}: ${made.ok ? '' : made.message}`)
                assert.equal(
                  definitions.natureDe(made.expression, { formulaire: form, repetition: etape.id }),
                  'booleen',
                  `${champ.type} ${id}`,
                )
                const back = enLignes(made.expression, form)
                assert.ok(back, `${champ.type} ${id}`)
                assert.deepEqual(enExpression(back, form), made)
              }
      }),
      { numRuns: 100 },
    ))

  it('what comes as lines says all the condition', () =>
    fc.assert(
      fc.property(anyExpression, anyFormulaire, (expression, form) => {
        const lines = enLignes(expression, form)
        if (lines) assert.deepEqual(enExpression(lines, form), { ok: true, expression })
      }),
      { numRuns: 2000 },
    ))

  it('reads the conditions of the démarches shipped, or says that they are richer', () => {
    const conditions = modeles.flatMap(modele =>
      modele.formulaire.etapes.flatMap(({ champs }) =>
        champs.flatMap(({ visibleSi }) => (visibleSi ? [[visibleSi, modele] as const] : [])),
      ),
    )
    const read = conditions.filter(([expression, modele]) => enLignes(expression, modele.formulaire))
    assert.ok(read.length > conditions.length * 0.6, `${read.length} of ${conditions.length}`)
  })

  it('joins lines', () => {
    const lignes = [ligne('allergie', 'oui'), ligne('enfantNaissance', 'age<', '6')]
    const made = enExpression({ jonction: 'une', lignes }, formulaire)
    const expected: Expression = {
      op: 'ou',
      termes: [
        { op: '=', termes: [{ champ: 'allergie' }, { constante: true }] },
        { op: '<', termes: [{ op: 'age', termes: [{ champ: 'enfantNaissance' }, { aujourdhui: true }] }, { constante: 6 }] },
      ],
    }
    assert.deepEqual(made, { ok: true, expression: expected })
    assert.deepEqual(enLignes(expected, formulaire), { jonction: 'une', lignes })
  })

  it('says which line is wrong', () => {
    for (const [champ, comparaison, valeur] of [
      ['inconnu', '=', 'a'],
      ['classe', 'contient', 'cp'],
      ['classe', '=', 'cm3'],
      ['quotient', '>=', 'beaucoup'],
      ['quotient', '>=', ''],
      ['enfantNaissance', '<', '30/02/2019'],
    ] as const) {
      const made = one(champ, comparaison, valeur)
      assert.ok(!made.ok && made.ligne === 0 && made.message.endsWith('.'), `${champ} ${comparaison} ${valeur}`)
    }
    assert.ok(!enExpression({ jonction: 'toutes', lignes: [] }, formulaire).ok)
  })

  it('does not offer as lines what they would lose', () => {
    for (const expression of [
      { op: 'non', termes: [{ op: '=', termes: [{ champ: 'allergie' }, { constante: true }] }] },
      { op: '<', termes: [{ champ: 'debut' }, { op: 'plus_jours', termes: [{ aujourdhui: true }, { constante: 3 }] }] },
      { op: '=', termes: [{ constante: true }, { champ: 'allergie' }] },
      { op: '=', termes: [{ champ: 'classe' }, { constante: 'inconnue' }] },
    ] satisfies Expression[])
      assert.equal(enLignes(expression, formulaire), null)
  })

  it('a condition of lines may be published', () => {
    const visibleSi = one('qualite', '=', 'tuteur')
    assert.ok(visibleSi.ok)
    const etapes = formulaire.etapes.map(etape => ({
      ...etape,
      champs: etape.champs.map(champ => (champ.id === 'telephone' ? { ...champ, visibleSi: visibleSi.expression } : champ)),
    }))
    assert.deepEqual(checkFormulaire({ ...formulaire, etapes }), [])
  })
})
