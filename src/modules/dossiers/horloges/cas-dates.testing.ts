import type { Modele } from '../../demarches/index.ts'
import type { NatureEvenement } from '../dossier.ts'
import type { EvenementRow } from '../tables.ts'

/** A dated case: where, which period, what happened when, the days expected, and why. */
export interface CasDate {
  /** A département, or the code of a commune whose zone is not that of its département. */
  readonly lieu: string
  readonly silence: Pick<Modele['silence'], 'effet' | 'mois' | 'jours' | 'reprise'>
  readonly histoire: string
  /** The day on which silence decides (null: it does not run), or the last day of the appeal that runs. */
  readonly silenceLe?: string | null
  readonly recours?: string | null
  readonly pourquoi: string
}

// deposer 2026-01-15, or deposer 2026-01-15T23:30Z; `incomplet` and `incorrect` ask for a correction, `complete` answers it.
const NATURES: Readonly<Record<string, NatureEvenement>> = {
  incomplet: 'demander_correction',
  incorrect: 'demander_correction',
  complete: 'repondre_correction',
}

/** The events of a history in words. A day alone is 10:00 UTC: that day everywhere, from Tahiti to Wallis. */
export function evenementsDe(histoire: string): Pick<EvenementRow, 'nature' | 'le' | 'donnees'>[] {
  return histoire.split(', ').map(fait => {
    const [mot = '', quand = ''] = fait.split(' ')
    return {
      nature: NATURES[mot] ?? (mot as NatureEvenement),
      le: new Date(quand.includes('T') ? quand : `${quand}T10:00:00Z`),
      donnees: NATURES[mot] === 'demander_correction' ? { motif: mot } : {},
    }
  })
}

type Delai = CasDate['silence']
const accepte: Delai = { effet: 'acceptation', mois: 2 }
const rejette: Delai = { effet: 'rejet', mois: 2 }
const mois = (nombre: number): Delai => ({ effet: 'acceptation', mois: nombre })
const jours = (nombre: number, effet: Delai['effet'] = 'acceptation'): Delai => ({ effet, mois: 2, jours: nombre })

const silence = (lieu: string, delai: Delai, histoire: string, silenceLe: string | null, pourquoi: string): CasDate => ({
  ...{ lieu, silence: delai, histoire, silenceLe, pourquoi },
})
const recours = (lieu: string, notifiee: string, dernier: string, pourquoi: string): CasDate => ({
  ...{ lieu, silence: accepte, histoire: `deposer 2016-01-04, refuser ${notifiee}`, recours: dernier, pourquoi },
})

/** Dated cases from 2019 to 2030. */
export const casDates: readonly CasDate[] = [
  // From date to date, decided on the day after the last (CRPA L231-1, L112-15; CPC 641).
  silence('14', accepte, 'deposer 2020-01-15', '2020-03-16', 'ends on 15 March at midnight'),
  silence('14', accepte, 'deposer 2020-12-31', '2021-03-01', 'no 31 February: the last day of the month, the 28th'),
  silence('14', accepte, 'deposer 2019-12-31', '2020-03-01', 'the same in a leap year: the 29th'),
  silence('14', accepte, 'deposer 2019-12-29', '2020-03-01', '29 February exists in 2020'),
  silence('14', accepte, 'deposer 2020-12-29', '2021-03-01', '29 February does not in 2021: the 28th'),
  silence('14', accepte, 'deposer 2020-12-28', '2021-03-01', 'the 28th'),
  silence('14', accepte, 'deposer 2020-12-27', '2021-02-28', 'the 27th, so decided on the 28th'),
  silence('14', accepte, 'deposer 2021-06-30', '2021-08-31', 'the 30th, not the last day of August'),
  silence('14', accepte, 'deposer 2021-07-31', '2021-10-01', 'September has 30 days'),
  silence('14', mois(6), 'deposer 2022-08-31', '2023-03-01', 'six months to a short February'),
  silence('14', mois(12), 'deposer 2024-02-29', '2025-03-01', 'a year from a leap day: 28 February'),
  silence('14', mois(12), 'deposer 2023-02-28', '2024-02-29', 'a year to 28 February: decided on the leap day'),
  silence('14', mois(1), 'deposer 2023-01-31', '2023-03-01', 'one month to 28 February'),
  silence('14', mois(1), 'deposer 2024-01-31', '2024-03-01', 'one month to 29 February'),
  silence('14', mois(3), 'deposer 2025-11-30', '2026-03-01', 'three months to 28 February'),
  silence('14', mois(4), 'deposer 2027-04-30', '2027-08-31', 'four months (expert opinion), to the 30th'),
  silence('14', mois(24), 'deposer 2026-02-28', '2028-02-29', 'two years'),
  silence('14', mois(24), 'deposer 2028-02-29', '2030-03-01', 'two years from a leap day'),
  // Holidays and week-ends put nothing off: no act is to be done by that day.
  silence('14', accepte, 'deposer 2022-10-25', '2022-12-26', 'ends on a Sunday that is Christmas'),
  silence('14', accepte, 'deposer 2025-03-01', '2025-05-02', 'ends on 1 May'),
  silence('67', accepte, 'deposer 2025-10-26', '2025-12-27', 'ends on 26 December in Alsace'),
  silence('974', accepte, 'deposer 2029-10-20', '2029-12-21', 'ends on 20 December at La Réunion'),
  // Periods that the text counts in days.
  silence('14', jours(21), 'deposer 2026-02-10', '2026-03-04', '21 days across a February of 28'),
  silence('14', jours(21), 'deposer 2028-02-10', '2028-03-03', '21 days across a February of 29'),
  silence('14', jours(15), 'deposer 2026-12-20', '2027-01-05', '15 days across the year'),
  silence('14', jours(90), 'deposer 2025-12-01', '2026-03-02', '90 days are not three months'),
  silence('14', jours(30), 'deposer 2024-01-31', '2024-03-02', '30 days are not one month'),
  silence('14', jours(8), 'deposer 2026-03-25', '2026-04-03', 'a week with a day of 23 hours'),
  // The day of the place: summer time in France.
  silence('14', accepte, 'deposer 2026-03-28T23:30:00Z', '2026-05-30', 'half past midnight on 29 March, an hour before summer time'),
  silence('14', accepte, 'deposer 2026-03-29T22:30:00Z', '2026-05-31', 'half past midnight on 30 March, in summer time'),
  silence('14', accepte, 'deposer 2026-03-29T21:59:59Z', '2026-05-30', 'the last second of 29 March, in summer time'),
  silence('14', accepte, 'deposer 2026-10-24T22:30:00Z', '2026-12-26', 'half past midnight on 25 October, still summer time'),
  silence('14', accepte, 'deposer 2026-10-25T22:30:00Z', '2026-12-26', 'half past eleven in the evening of 25 October, winter time'),
  silence('2A', accepte, 'deposer 2025-12-31T23:30:00Z', '2026-03-02', 'already 1 January 2026 in Corsica'),
  // The day of the place: overseas.
  silence('974', accepte, 'deposer 2026-01-31T21:00:00Z', '2026-04-02', 'UTC+4: 1 February at La Réunion'),
  silence('976', accepte, 'deposer 2026-01-31T21:30:00Z', '2026-04-02', 'UTC+3: half past midnight on 1 February in Mayotte'),
  silence('971', accepte, 'deposer 2026-02-01T03:30:00Z', '2026-04-01', 'UTC-4: still 31 January in Guadeloupe'),
  silence('972', accepte, 'deposer 2026-03-01T03:59:59Z', '2026-04-29', 'UTC-4: the last second of February in Martinique'),
  silence('973', accepte, 'deposer 2026-03-01T02:30:00Z', '2026-04-29', 'UTC-3: still 28 February in Guyane'),
  silence('975', accepte, 'deposer 2026-01-01T02:30:00Z', '2026-03-01', 'UTC-3 in winter: still 31 December at Saint-Pierre'),
  silence('975', accepte, 'deposer 2026-07-01T01:30:00Z', '2026-08-31', 'UTC-2 in summer: still 30 June at Saint-Pierre'),
  silence('977', accepte, 'deposer 2025-06-01T03:30:00Z', '2025-08-01', 'UTC-4: still 31 May at Saint-Barthélemy'),
  silence('978', accepte, 'deposer 2025-06-01T04:30:00Z', '2025-08-02', 'UTC-4: already 1 June at Saint-Martin'),
  silence('986', accepte, 'deposer 2026-05-30T12:30:00Z', '2026-08-01', 'UTC+12: already 31 May in Wallis'),
  silence('987', accepte, 'deposer 2026-06-01T09:30:00Z', '2026-08-01', 'UTC-10: still 31 May in Tahiti'),
  silence('98731', accepte, 'deposer 2026-06-01T09:30:00Z', '2026-08-02', 'UTC-9:30: 1 June at midnight at Nuku-Hiva'),
  silence('98719', accepte, 'deposer 2026-06-01T08:59:00Z', '2026-08-01', 'UTC-9: still 31 May in Gambier'),
  silence('988', accepte, 'deposer 2026-06-30T13:00:00Z', '2026-09-02', 'UTC+11: 1 July at midnight in Nouméa'),
  // Corrections (CRPA L114-5).
  silence('14', accepte, 'deposer 2026-01-10, incomplet 2026-01-20', null, 'stands still until the answer'),
  silence('14', accepte, 'deposer 2026-01-10, incomplet 2026-01-20, complete 2026-02-05', '2026-04-06', 'runs from completion only'),
  silence(
    '14',
    accepte,
    'deposer 2026-01-10, incorrect 2026-01-20, complete 2026-02-05',
    '2026-03-27',
    'nothing was missing: 16 days stopped',
  ),
  silence(
    '14',
    rejette,
    'deposer 2026-01-10, incomplet 2026-01-20, complete 2026-02-05',
    '2026-03-27',
    'a refusal is only suspended: 16 days',
  ),
  silence(
    '14',
    { ...rejette, reprise: 'repart' },
    'deposer 2026-01-10, incomplet 2026-01-20, complete 2026-02-05',
    '2026-04-06',
    'declared',
  ),
  silence(
    '14',
    { ...accepte, reprise: 'continue' },
    'deposer 2026-01-10, incomplet 2026-01-20, complete 2026-02-05',
    '2026-03-27',
    'declared',
  ),
  silence(
    ...([
      '14',
      accepte,
      'deposer 2025-05-02, incomplet 2025-05-10, complete 2025-05-20, incomplet 2025-06-01, complete 2025-06-15',
    ] as const),
    ...(['2025-08-16', 'two corrections: from the last completion'] as const),
  ),
  silence(
    ...([
      '14',
      rejette,
      'deposer 2025-05-02, incomplet 2025-05-10, complete 2025-05-20, incomplet 2025-06-01, complete 2025-06-15',
    ] as const),
    ...(['2025-07-27', 'two corrections: 10 and 14 days stopped'] as const),
  ),
  silence(
    ...([
      '14',
      accepte,
      'deposer 2025-05-02, incomplet 2025-05-10, complete 2025-05-20, incorrect 2025-06-01, complete 2025-06-15',
    ] as const),
    ...(['2025-08-04', 'from completion, then 14 days stopped'] as const),
  ),
  silence('14', rejette, 'deposer 2026-01-15, incomplet 2026-02-01, complete 2026-02-01', '2026-03-16', 'answered at once: nothing lost'),
  silence(
    '14',
    rejette,
    'deposer 2026-03-01, incomplet 2026-03-20, complete 2026-04-10',
    '2026-05-23',
    '21 days stopped across summer time',
  ),
  silence(
    '974',
    rejette,
    'deposer 2026-01-10, incomplet 2026-01-20, complete 2026-02-05T20:30:00Z',
    '2026-03-28',
    'answered on 6 February there',
  ),
  silence(
    '14',
    rejette,
    'deposer 2027-12-31, incomplet 2028-02-20, complete 2028-03-05',
    '2028-03-15',
    '14 days stopped across a leap day',
  ),
  silence(
    '14',
    jours(21, 'rejet'),
    'deposer 2026-02-10, incomplet 2026-02-15, complete 2026-02-25',
    '2026-03-14',
    'days, 10 of them stopped',
  ),
  silence(
    '14',
    rejette,
    'deposer 2026-01-15, incomplet 2026-03-20, complete 2026-03-30',
    '2026-05-31',
    'asked once silence had decided: a new period',
  ),
  silence(
    '14',
    rejette,
    'deposer 2026-01-15, prendre_en_instruction 2026-01-20, ecrire 2026-02-01',
    '2026-03-16',
    'reading and writing stop nothing',
  ),
  // Decisions and reopenings.
  silence('14', accepte, 'deposer 2026-01-10, accepter 2026-02-01', null, 'decided'),
  silence('14', accepte, 'deposer 2026-01-10, refuser 2026-02-01, rouvrir 2026-02-20', '2026-04-21', 'counted anew from the reopening'),
  silence(
    '14',
    accepte,
    'deposer 2027-10-10, classer_sans_suite 2027-11-01, rouvrir 2027-12-31',
    '2028-03-01',
    'reopened on 31 December: 29 February',
  ),
  silence(
    ...(['14', accepte, 'deposer 2026-01-10, refuser 2026-02-01, rouvrir 2026-05-01, incomplet 2026-05-10, complete 2026-05-31'] as const),
    ...(['2026-08-01', 'reopened, then completed'] as const),
  ),
  silence(
    '14',
    rejette,
    'deposer 2026-01-10, refuser_auto 2026-03-11, rouvrir 2026-03-12',
    '2026-05-13',
    'reopened after a refusal by silence',
  ),
  // Appeal: two months, neither end counted (CJA R421-1), to a day of work (CPC 642).
  recours('14', '2026-01-15', '2026-03-16', 'a Monday'),
  recours('14', '2026-01-12', '2026-03-13', 'a Friday'),
  recours('14', '2026-01-13', '2026-03-16', 'a Saturday: Monday'),
  recours('14', '2026-01-14', '2026-03-16', 'a Sunday: Monday'),
  recours('14', '2025-12-31', '2026-03-02', '28 February, then 1 March, a Sunday'),
  recours('14', '2026-02-28', '2026-04-29', 'the 28th, then the 29th'),
  recours('14', '2026-02-05', '2026-04-07', 'Easter Monday'),
  recours('14', '2026-03-13', '2026-05-15', 'Ascension'),
  recours('14', '2027-03-16', '2027-05-18', 'Whit Monday'),
  recours('14', '2026-02-02', '2026-04-03', 'Good Friday is a day of work in Normandy'),
  recours('67', '2026-02-02', '2026-04-07', 'Good Friday, a week-end, Easter Monday'),
  recours('14', '2025-10-24', '2025-12-26', 'Christmas'),
  recours('57', '2025-10-24', '2025-12-29', 'Christmas, Saint-Étienne, a week-end'),
  recours('971', '2026-03-26', '2026-05-28', 'abolition in Guadeloupe'),
  recours('972', '2026-03-21', '2026-05-26', 'abolition in Martinique, a week-end, Whit Monday'),
  recours('973', '2026-04-09', '2026-06-11', 'abolition in Guyane'),
  recours('974', '2027-10-19', '2027-12-21', 'abolition at La Réunion'),
  recours('976', '2026-02-26', '2026-04-28', 'abolition in Mayotte'),
  recours('977', '2026-08-08', '2026-10-12', 'abolition at Saint-Barthélemy, a Friday'),
  recours('978', '2026-03-27', '2026-05-29', 'abolition at Saint-Martin'),
  recours('987', '2023-04-28', '2023-06-30', 'autonomy in Polynesia, until 2025'),
  recours('987', '2026-04-28', '2026-06-29', 'no more a day off from 2026'),
  recours('987', '2026-09-19', '2026-11-23', 'Matari’i, a Friday, from 2026'),
  recours('988', '2026-07-23', '2026-09-25', 'citizenship in New Caledonia'),
  recours('986', '2026-05-28', '2026-07-30', 'feast of the territory in Wallis'),
  {
    ...{ lieu: '14', silence: rejette, histoire: 'deposer 2026-01-15', silenceLe: '2026-03-16', recours: '2026-05-18' },
    pourquoi: 'refused at midnight of 15 March: 16 May is a Saturday (CJA R421-2)',
  },
  {
    ...{ lieu: '14', silence: rejette, histoire: 'deposer 2026-01-15, refuser 2026-04-02', silenceLe: null, recours: '2026-06-03' },
    pourquoi: 'a refusal in words makes the period run again (CJA R421-2)',
  },
  {
    ...{
      lieu: '14',
      silence: accepte,
      histoire: 'deposer 2026-01-15, refuser 2026-02-02, rouvrir 2026-02-10',
      silenceLe: '2026-04-11',
      recours: null,
    },
    pourquoi: 'reopened: there is nothing to contest any more',
  },
]
