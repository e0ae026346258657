import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ecrireDefinition } from './definition.ts'
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

  it('counts in days where the text says days', () => {
    assert.equal(silenceDate('2026-02-10', { silence: { mois: 2, jours: 21 } }), '2026-03-04')
    assert.equal(silenceDate('2026-12-20', { silence: { mois: 2, jours: 15 } }), '2027-01-05')
  })

  it('keeps the fingerprint of definitions published before days and resumption were known', () => {
    const [known] = modeles
    assert.ok(known)
    const { texte } = ecrireDefinition(known)
    assert.match(texte, /"silence":\{"effet":"[a-z]+","mois":\d+,"texte":/)
    const changed = ecrireDefinition({ ...known, silence: { ...known.silence, jours: 21, reprise: 'continue' } })
    assert.match(changed.texte, /"mois":\d+,"jours":21,"reprise":"continue","texte":/)
    assert.notEqual(changed.empreinte, ecrireDefinition(known).empreinte)
  })

  it('does not accept a day that does not exist', () => assert.throws(() => silenceDate('2026-02-30', after(2)), RangeError))
})

describe('checkModele', () => {
  const base = modeles[0] ?? assert.fail()
  const wrong: [string, unknown][] = [
    ['nothing', null],
    ['a text', 'modèle'],
    ['an unknown key', { ...base, surprise: true }],
    ['a silence that contradicts the regime', { ...base, regime: 'sva' }],
    ['a declaration that silence would refuse', { ...base, regime: 'declaratif', silence: { ...base.silence, effet: 'rejet' } }],
    ['a period of no day', { ...base, silence: { ...base.silence, jours: 0 } }],
    ['an unknown resumption', { ...base, silence: { ...base.silence, reprise: 'parfois' } }],
    ['an applicant without field', { ...base, demandeur: { ...base.demandeur, nom: 'inconnu' } }],
    ['an applicant of another type', { ...base, demandeur: { ...base.demandeur, courriel: 'telephone' } }],
    ['a decision that names an unknown field', { ...base, decision: { ...base.decision, objet: 'Pour {inconnu}' } }],
    ['markup', { ...base, resume: 'Un <b>résumé</b>.' }],
    ['seventy months of retention', { ...base, conservationMois: 70 }],
  ]
  for (const [what, definition] of wrong) it(`refuses ${what}`, () => assert.notDeepEqual(checkModele(definition), []))
})
