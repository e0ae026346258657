import { civilDay } from '../../../platform/clock.ts'
import { type Modele, silenceDate } from '../../demarches/index.ts'
import { dates } from '../../formulaires/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import type { NatureEvenement } from '../dossier.ts'
import type { EvenementRow } from '../tables.ts'
import { reporter } from './jours-feries.ts'

/** Where days are counted, and whose holidays. */
export interface LieuDesDelais {
  readonly fuseau: string
  readonly departement: string | null
  /** Months more to appeal, for who lives far from the court (distance.ts). */
  readonly distance?: 0 | 1 | 2 | undefined
}

export const lieuDesDelais = (c: Pick<Collectivite, 'departement'> & Partial<Pick<Collectivite, 'code'>>): LieuDesDelais => ({
  fuseau: fuseau(c),
  departement: c.departement,
})

export type NatureDHorloge = 'accuse' | 'silence' | 'correction' | 'attestation' | 'recours'

/** A time during which a clock stood still; `au` null: it still does. */
export interface Suspension {
  readonly du: string
  readonly au: string | null
}

/** A clock of the law on a dossier, as data. Days are `YYYY-MM-DD` where the collectivité is. */
export interface Horloge {
  readonly nature: NatureDHorloge
  /** The day that starts it; the count begins on the next one. */
  readonly debut: string
  readonly suspensions: readonly Suspension[]
  /** Silence: the day on which the decision exists. The others: the last day to act. Null: it stands still, or the law sets no end. */
  readonly echeance: string | null
  readonly effet: string
  /** The day on which a decision, an answer or a reopening ended it; null while it runs. */
  readonly fin: string | null
  readonly source: string
}

type ModeleDHorloge = Pick<Modele, 'regime' | 'silence'>
type Evenement = Pick<EvenementRow, 'nature' | 'le' | 'donnees'>

/** What happened on which day; a period of silence that ran out is one more thing that happened, on its last day at midnight. */
interface Fait {
  readonly nature: NatureEvenement | 'silence_acceptation' | 'silence_rejet'
  readonly jour: string
  readonly donnees: Readonly<Record<string, unknown>>
}

/** A line of the table of clocks: what starts, stops and ends it, and how its day is found from the day that counts. */
interface Regle {
  readonly nature: NatureDHorloge
  readonly existe?: (modele: ModeleDHorloge) => boolean
  readonly depart: readonly Fait['nature'][]
  readonly arret?: Fait['nature']
  readonly reprise?: Fait['nature']
  /** Whether a stop makes the period start anew, or only pauses it. */
  readonly repart?: (modele: ModeleDHorloge, arret: Fait) => boolean
  readonly fin: readonly Fait['nature'][]
  readonly echeance: (debut: string, depart: Fait, modele: ModeleDHorloge, lieu: LieuDesDelais) => string | null
  readonly effet: (modele: ModeleDHorloge) => string
  readonly source: (modele: ModeleDHorloge, lieu: LieuDesDelais) => string
}

const DECISIONS = ['accepter', 'refuser', 'classer_sans_suite', 'accepter_auto', 'refuser_auto'] as const
const accepte = ({ silence }: ModeleDHorloge) => silence.effet === 'acceptation'

// The clocks, one a line (reference: docs/adr/0017). The two last follow from silence as well as from decisions, so they come after it.
const REGLES: readonly Regle[] = [
  {
    nature: 'accuse',
    depart: ['deposer'],
    fin: ['deposer'],
    echeance: debut => debut,
    effet: () => 'l’accusé de réception est dû, à l’instant',
    source: () => 'CRPA L112-11, R112-11-1',
  },
  {
    nature: 'silence',
    existe: ({ regime }) => regime !== 'declaratif',
    depart: ['deposer', 'rouvrir'],
    arret: 'demander_correction',
    reprise: 'repondre_correction',
    repart: (modele, { donnees }) => repriseApres(modele.silence, donnees.motif) === 'repart',
    fin: DECISIONS,
    echeance: (debut, _, modele) => silenceDate(debut, modele),
    effet: modele => (accepte(modele) ? 'acceptation' : 'rejet'),
    source: modele => (accepte(modele) ? 'CRPA L231-1, L114-5' : 'CRPA L231-4, L114-5'),
  },
  {
    nature: 'correction',
    depart: ['demander_correction'],
    fin: ['repondre_correction', ...DECISIONS],
    echeance: (_, { donnees }) => (dates.isDay(donnees.echeance) ? donnees.echeance : null),
    effet: () => 'la demande reste incomplète, et le délai du silence arrêté',
    source: () => 'CRPA L114-5',
  },
  {
    nature: 'attestation',
    depart: ['silence_acceptation'],
    fin: [...DECISIONS, 'rouvrir'],
    echeance: () => null,
    effet: () => 'une attestation de l’acceptation est due à qui la demande',
    source: () => 'CRPA L232-3',
  },
  {
    nature: 'recours',
    depart: ['refuser', 'classer_sans_suite', 'silence_rejet'],
    fin: ['accepter', 'accepter_auto', 'rouvrir'],
    echeance: (debut, _, __, lieu) => finDuRecours(debut, lieu),
    effet: () => 'la décision ne peut plus être contestée devant le tribunal administratif',
    source: (_, { distance }) => `CJA R421-1, R421-2${distance ? ', R421-7' : ''} ; CPC 642`,
  },
]

/**
 * What becomes of the period of silence after a correction: what the démarche declares, else what CRPA L114-5 says. Where something was
 * missing, the period that accepts runs from completion only, and the one that refuses is suspended. An answer that was only inexact made
 * nothing missing: the period goes on.
 */
export function repriseApres(silence: Pick<Modele['silence'], 'effet' | 'reprise'>, motif: unknown = 'incomplet'): 'repart' | 'continue' {
  return silence.reprise ?? (silence.effet === 'acceptation' && motif !== 'incorrect' ? 'repart' : 'continue')
}

/**
 * Last day to go to the tribunal administratif against a decision notified on a day, or born at its end: two months, neither the first day
 * nor the last counted (délai franc, CJA R421-1), put off to the next day of work (CPC 642). Those who live far
 * from the court have one or two months more (CJA R421-7), when it is known where (distance.ts).
 */
export function finDuRecours(notifiee: string, { departement, distance = 0 }: Pick<LieuDesDelais, 'departement' | 'distance'>): string {
  const last = dates.addMonths(notifiee, 2 + distance)
  const franc = last && dates.addDays(last, 1)
  if (!franc) throw new RangeError(`finDuRecours: not a day: ${notifiee}`)
  return reporter(franc, departement)
}

/** The same against a refusal by silence, whose day is that on which the decision exists: it was born at midnight, at the end of the day before. */
export const finDuRecoursDuSilence = (silenceLe: string, lieu: Pick<LieuDesDelais, 'departement' | 'distance'>): string =>
  finDuRecours(dates.addDays(silenceLe, -1) ?? silenceLe, lieu)

/** Every clock of the law that these events started, running or over, in the order of the table; pure. */
export function horlogesDe(modele: ModeleDHorloge, evenements: readonly Evenement[], lieu: LieuDesDelais): Horloge[] {
  let faits: Fait[] = evenements.map(({ nature, le, donnees }) => ({ nature, jour: civilDay(le, lieu.fuseau), donnees }))
  return REGLES.flatMap(regle => {
    const horloges = courir(regle, modele, faits, lieu)
    if (regle.nature === 'silence') faits = avecLeSilence(faits, horloges)
    return horloges
  })
}

/** The day on which silence decides, as the dossier keeps it; null when it does not run. */
export function silenceLe(modele: ModeleDHorloge, evenements: readonly Evenement[], lieu: LieuDesDelais): string | null {
  const last = horlogesDe(modele, evenements, lieu).findLast(({ nature }) => nature === 'silence')
  return last?.fin === null ? last.echeance : null
}

/** A clock while it is followed through the events. */
interface Course {
  readonly depart: Fait
  /** The day from which the whole period counts: the start, or the answer that made it start anew. */
  compte: string
  /** Days spent standing still since then. */
  arrete: number
  readonly suspensions: { du: string; au: string | null; repart: boolean }[]
}

function courir(regle: Regle, modele: ModeleDHorloge, faits: readonly Fait[], lieu: LieuDesDelais): Horloge[] {
  if (regle.existe?.(modele) === false) return []
  const horloges: Horloge[] = []
  let course: Course | undefined
  const due = ({ depart, compte, arrete }: Course) => {
    const day = regle.echeance(compte, depart, modele, lieu)
    return day && dates.addDays(day, arrete)
  }
  const close = (ended: Course, fin: string | null) => {
    const suspensions = ended.suspensions.map(({ du, au }) => ({ du, au }))
    const stands = suspensions.some(({ au }) => au === null)
    const echeance = stands ? null : due(ended)
    horloges.push({
      ...{ nature: regle.nature, debut: ended.depart.jour, suspensions, echeance, fin },
      ...{ effet: regle.effet(modele), source: regle.source(modele, lieu) },
    })
    course = undefined
  }
  for (const fait of faits) {
    if (course && fait.nature === regle.arret) course = arreter(course, fait)
    else if (course && fait.nature === regle.reprise) reprendre(course, fait)
    else if (course && (regle.fin.includes(fait.nature) || regle.depart.includes(fait.nature))) close(course, fait.jour)
    if (regle.depart.includes(fait.nature)) course = { depart: fait, compte: fait.jour, arrete: 0, suspensions: [] }
    // What is due at once ends where it begins.
    if (course && course.depart === fait && regle.fin.includes(fait.nature)) close(course, fait.jour)
  }
  if (course) close(course, null)
  return horloges

  function arreter(running: Course, fait: Fait): Course {
    const ranOut = (due(running) ?? '9999') <= fait.jour
    // It had already had its effect: that stays, and a new period will begin at the answer.
    if (ranOut) close(running, fait.jour)
    const stopped = ranOut ? { depart: fait, compte: fait.jour, arrete: 0, suspensions: [] } : running
    stopped.suspensions.push({ du: fait.jour, au: null, repart: ranOut || regle.repart?.(modele, fait) === true })
    return stopped
  }
}

function reprendre(course: Course, { jour }: Fait): void {
  const last = course.suspensions.at(-1)
  if (!last || last.au !== null) return
  last.au = jour
  if (last.repart) {
    course.compte = jour
    course.arrete = 0
  } else course.arrete += joursDe(last.du, jour)
}

const joursDe = (du: string, au: string): number => Math.round((Date.parse(au) - Date.parse(du)) / 86_400_000)

/** The same facts, with the decisions that silence took among them: each on the last day of its period, after what was done on that day. */
function avecLeSilence(faits: readonly Fait[], horloges: readonly Horloge[]): Fait[] {
  const taken = horloges.flatMap(({ echeance, fin, effet }): Fait[] => {
    const jour = echeance && (fin === null || fin >= echeance) ? dates.addDays(echeance, -1) : null
    return jour ? [{ nature: effet === 'acceptation' ? 'silence_acceptation' : 'silence_rejet', jour, donnees: {} }] : []
  })
  return taken.reduce<Fait[]>(
    (all, fait) => {
      const place = all.findIndex(({ jour }) => jour > fait.jour)
      return all.toSpliced(place < 0 ? all.length : place, 0, fait)
    },
    [...faits],
  )
}
