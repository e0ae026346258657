import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkModele, silenceDate } from './index.ts'
import { modeles } from './livre.ts'

const after = (mois: number) => ({ silence: { effet: 'rejet' as const, mois, texte: 'texte' } })

describe('silence', () => {
  const cases: [depot: string, mois: number, expected: string][] = [
    ['2026-01-15', 2, '2026-03-16'],
    ['2026-01-01', 2, '2026-03-02'],
    ['2026-12-31', 2, '2027-03-01'],
    ['2026-12-30', 2, '2027-03-01'],
    ['2027-12-29', 2, '2028-03-01'],
    ['2026-12-28', 2, '2027-03-01'],
    ['2026-12-27', 2, '2027-02-28'],
    ['2026-06-30', 2, '2026-08-31'],
    ['2026-07-31', 2, '2026-10-01'],
    ['2026-08-31', 4, '2027-01-01'],
    ['2028-02-29', 12, '2029-03-01'],
  ]
  for (const [depot, mois, expected] of cases)
    it(`a deposit of ${depot} is decided by silence on ${expected} after ${mois} months`, () =>
      assert.equal(silenceDate(depot, after(mois)), expected))

  it('does not accept a day that does not exist', () => assert.throws(() => silenceDate('2026-02-30', after(2)), RangeError))
})

describe('checkModele', () => {
  const base = modeles[0] ?? assert.fail()
  const wrong: [string, unknown][] = [
    ['nothing', null],
    ['a text', 'modèle'],
    ['an unknown key', { ...base, surprise: true }],
    ['a silence that contradicts the regime', { ...base, regime: 'sva' }],
    ['an applicant without field', { ...base, demandeur: { ...base.demandeur, nom: 'inconnu' } }],
    ['an applicant of another type', { ...base, demandeur: { ...base.demandeur, courriel: 'telephone' } }],
    ['a decision that names an unknown field', { ...base, decision: { ...base.decision, objet: 'Pour {inconnu}' } }],
    ['markup', { ...base, resume: 'Un <b>résumé</b>.' }],
    ['seventy months of retention', { ...base, conservationMois: 70 }],
  ]
  for (const [what, definition] of wrong) it(`refuses ${what}`, () => assert.notDeepEqual(checkModele(definition), []))
})
