import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import fc from 'fast-check'
import { silenceDate } from '../../demarches/index.ts'
import { dates } from '../../formulaires/index.ts'
import { type CasDate, casDates, evenementsDe } from './cas-dates.testing.ts'
import { finDuRecours, type Horloge, horlogesDe, lieuDesDelais, silenceLe } from './horloges.ts'
import { estOuvrable, joursFeries, reporter } from './jours-feries.ts'

const modeleDe = (silence: CasDate['silence'], regime: 'ordinaire' | 'declaratif' = 'ordinaire') => ({
  regime,
  silence: { ...silence, texte: 'texte' },
})
const lieuDe = (lieu: string) =>
  lieuDesDelais({ departement: lieu.length === 5 ? lieu.slice(0, 3) : lieu, ...(lieu.length === 5 ? { code: lieu } : {}) })
const horloges = ({ lieu, silence, histoire }: Pick<CasDate, 'lieu' | 'silence' | 'histoire'>): Horloge[] =>
  horlogesDe(modeleDe(silence), evenementsDe(histoire), lieuDe(lieu))

describe('dated cases', () => {
  it('are sixty at least, over ten years, each with its reason', () => {
    assert.ok(casDates.length >= 60, String(casDates.length))
    const years = casDates.map(({ silenceLe: day, recours }) => Number((day ?? recours ?? '2020').slice(0, 4)))
    assert.ok(Math.max(...years) - Math.min(...years) >= 10)
    assert.ok(casDates.every(({ pourquoi }) => pourquoi.length > 5))
  })
  for (const cas of casDates)
    it(`${cas.lieu}, ${cas.silence.jours ?? cas.silence.mois} ${cas.silence.jours ? 'days' : 'months'} (${cas.silence.effet}): ${cas.histoire} – ${cas.pourquoi}`, () => {
      if (cas.silenceLe !== undefined)
        assert.equal(silenceLe(modeleDe(cas.silence), evenementsDe(cas.histoire), lieuDe(cas.lieu)), cas.silenceLe)
      const recours = horloges(cas).findLast(({ nature, fin }) => nature === 'recours' && fin === null)
      if (cas.recours !== undefined) assert.equal(recours?.echeance ?? null, cas.recours)
    })
})

test('the clocks of a dossier that was completed, refused by silence, then granted', () => {
  const found = horloges({
    lieu: '14',
    silence: { effet: 'rejet', mois: 2 },
    histoire: 'deposer 2026-01-15, incomplet 2026-01-20, complete 2026-01-30, accepter 2026-04-10',
  })
  assert.deepEqual(
    found.map(({ nature, debut, suspensions, echeance, fin }) => [nature, debut, suspensions.length, echeance, fin]),
    [
      ['accuse', '2026-01-15', 0, '2026-01-15', '2026-01-15'],
      ['silence', '2026-01-15', 1, '2026-03-26', '2026-04-10'],
      ['correction', '2026-01-20', 0, null, '2026-01-30'],
      ['recours', '2026-03-25', 0, '2026-05-26', '2026-04-10'],
    ],
  )
  assert.ok(found.every(({ source, effet }) => source.length > 5 && effet.length > 4))
})

test('what silence granted gives a right to an attestation, which has no end', () => {
  const [, , attestation] = horloges({ lieu: '14', silence: { effet: 'acceptation', mois: 2 }, histoire: 'deposer 2026-01-15' })
  assert.deepEqual(
    [attestation?.nature, attestation?.echeance, attestation?.fin, attestation?.source],
    ['attestation', null, null, 'CRPA L232-3'],
  )
})

test('a declaration waits for no decision: no clock of silence', () => {
  const modele = modeleDe({ effet: 'acceptation', mois: 2 }, 'declaratif')
  assert.equal(silenceLe(modele, evenementsDe('deposer 2026-01-15'), lieuDe('14')), null)
})

const BEGIN = Date.UTC(2020, 0, 1)
const day = fc.integer({ min: 0, max: 3650 }).map(n => new Date(BEGIN + n * 86_400_000).toISOString().slice(0, 10))
const delai = fc.record({
  effet: fc.constantFrom('acceptation' as const, 'rejet' as const),
  mois: fc.integer({ min: 1, max: 24 }),
  jours: fc.option(fc.integer({ min: 1, max: 730 }), { nil: undefined }),
  reprise: fc.constantFrom(undefined, 'repart' as const, 'continue' as const),
})
const plus = (from: string, days: number) => dates.addDays(from, days)!
const joursApres = fc.integer({ min: 0, max: 25 })
const leSilence = (silence: CasDate['silence'], histoire: string, lieu = '14') =>
  silenceLe(modeleDe(silence), evenementsDe(histoire), lieuDe(lieu))!
const record = ({
  effet,
  mois,
  jours,
  reprise,
}: {
  effet: 'acceptation' | 'rejet'
  mois: number
  jours: number | undefined
  reprise: 'repart' | 'continue' | undefined
}) => ({
  ...{ effet, mois },
  ...(jours === undefined ? {} : { jours }),
  ...(reprise === undefined ? {} : { reprise }),
})

test('who files later is answered no sooner, and always after the deposit', () => {
  fc.assert(
    fc.property(day, joursApres, delai, (filed, later, asked) => {
      const silence = record(asked)
      const first = leSilence(silence, `deposer ${filed}`)
      assert.ok(first > filed)
      assert.ok(leSilence(silence, `deposer ${plus(filed, later)}`) >= first)
      assert.equal(first, silenceDate(filed, { silence }))
    }),
  )
})

test('a correction never brings silence nearer; the longer it takes, the later', () => {
  const motif = fc.constantFrom('incomplet', 'incorrect')
  fc.assert(
    fc.property(
      day,
      delai,
      fc.array(fc.tuple(motif, joursApres, joursApres), { minLength: 1, maxLength: 4 }),
      (filed, asked, corrections) => {
        const silence = record(asked)
        let now = filed
        let histoire = `deposer ${filed}`
        let before = leSilence(silence, histoire)
        for (const [mot, wait, answer] of corrections) {
          const start = plus(now, wait)
          const slow = leSilence(silence, `${histoire}, ${mot} ${start}, complete ${plus(start, answer + 3)}`)
          now = plus(start, answer)
          assert.equal(silenceLe(modeleDe(silence), evenementsDe(`${histoire}, ${mot} ${start}`), lieuDe('14')), null)
          histoire += `, ${mot} ${start}, complete ${now}`
          const after = leSilence(silence, histoire)
          assert.ok(after >= before, `${histoire}: ${after} before ${before}`)
          assert.ok(slow >= after)
          before = after
        }
      },
    ),
  )
})

test('the last day of an appeal is a day of work, two months and a day away at least, and a week more at most', () => {
  fc.assert(
    fc.property(day, fc.constantFrom('14', '57', '971', '976', '987', '988', null), (notified, departement) => {
      const last = finDuRecours(notified, { departement })
      const franc = plus(dates.addMonths(notified, 2)!, 1)
      assert.ok(estOuvrable(last, departement) && last >= franc && last <= plus(franc, 6), `${notified} ${departement}: ${last}`)
    }),
  )
})

/** Easter Sunday by another way: golden number and epact (Knuth, The Art of Computer Programming, 1.3.2, exercise 14). */
function paques(year: number): string {
  const golden = (year % 19) + 1
  const century = Math.floor(year / 100) + 1
  const leap = Math.floor((3 * century) / 4) - 12
  const sunday = Math.floor((5 * year) / 4) - leap - 10
  const epact = (11 * golden + 20 + Math.floor((8 * century + 5) / 25) - 5 - leap) % 30
  const moon = 44 - epact - ((epact === 25 && golden > 11) || epact === 24 ? 1 : 0)
  const full = moon < 21 ? moon + 30 : moon
  return plus(`${year}-03-01`, full + 6 - ((sunday + full) % 7))
}

test('four centuries of holidays: eleven a year, those of Easter where another computation puts it', () => {
  for (let year = 1900; year < 2300; year++) {
    const easter = paques(year)
    const expected = new Set([
      ...['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'].map(fixed => `${year}-${fixed}`),
      ...[1, 39, 50].map(offset => plus(easter, offset)),
    ])
    assert.deepEqual(new Set(joursFeries(year, null).keys()), expected, String(year))
    assert.ok(joursFeries(year, '67').has(plus(easter, -2)) && joursFeries(year, '68').has(`${year}-12-26`), String(year))
  }
})

test('published days: Easter Monday, Ascension, Whit Monday', () => {
  for (const published of [
    '2024-04-01',
    '2024-05-09',
    '2024-05-20',
    '2025-04-21',
    '2025-05-29',
    '2025-06-09',
    '2026-04-06',
    '2026-05-14',
    '2026-05-25',
  ])
    assert.ok(joursFeries(Number(published.slice(0, 4)), '75').has(published), published)
})

test('a day of work stays; Friday 1 May 2026 goes to Monday', () => {
  assert.deepEqual([reporter('2026-05-04', '14'), reporter('2026-05-01', '14')], ['2026-05-04', '2026-05-04'])
})
