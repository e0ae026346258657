/** A count of `chiffre_demarche`: what was counted, in which month. */
export interface Compte {
  readonly demarcheId: string
  /** First day of the month, `YYYY-MM-01`. */
  readonly mois: string
  readonly mesure: Mesure
  readonly cle: string
  readonly nombre: number
}

/**
 * What is counted. `depot`: by channel, the month of the filing; `correction`: with or without, same month; `decision`: by outcome, the month of the
 * decision; `delai`: by whole days from filing to decision; `avis`: by mark; `abandon`: drafts erased untouched, by the last étape saved;
 * `brouillon`: those left for a week, still there.
 */
export type Mesure = 'depot' | 'correction' | 'decision' | 'delai' | 'avis' | 'abandon' | 'brouillon'

/** The figures of a démarche over some months. */
export interface Resume {
  readonly depots: number
  readonly parCanal: Comptage
  readonly decisions: number
  readonly parIssue: Comptage
  /** Whole days; undefined without any decision. */
  readonly mediane: number | undefined
  readonly neufDixiemes: number | undefined
  readonly corrections: Comptage
  readonly avis: { readonly nombre: number; readonly moyenne: number } | undefined
  readonly abandons: Comptage
  readonly brouillons: Comptage
}

export type Comptage = Readonly<Record<string, number>>

/** Adds the counts of some months up; pure. */
export function resumer(comptes: readonly Pick<Compte, 'mesure' | 'cle' | 'nombre'>[]): Resume {
  const by = (mesure: Mesure): Comptage => {
    const sums: Record<string, number> = {}
    for (const compte of comptes) if (compte.mesure === mesure) sums[compte.cle] = (sums[compte.cle] ?? 0) + compte.nombre
    return sums
  }
  const delais = by('delai')
  const avis = by('avis')
  const nombre = somme(avis)
  const points = Object.entries(avis).reduce((sum, [note, times]) => sum + Number(note) * times, 0)
  return {
    depots: somme(by('depot')),
    parCanal: by('depot'),
    decisions: somme(by('decision')),
    parIssue: by('decision'),
    mediane: centile(delais, 0.5),
    neufDixiemes: centile(delais, 0.9),
    corrections: by('correction'),
    avis: nombre > 0 ? { nombre, moyenne: points / nombre } : undefined,
    abandons: by('abandon'),
    brouillons: by('brouillon'),
  }
}

export const somme = (comptage: Comptage): number => Object.values(comptage).reduce((sum, count) => sum + count, 0)

/** The smallest number of days within which this share of the dossiers was decided (nearest rank); undefined when there is none. */
export function centile(jours: Comptage, part: number): number | undefined {
  const total = somme(jours)
  if (total === 0) return undefined
  const rank = Math.ceil(total * part)
  let seen = 0
  for (const [day, count] of Object.entries(jours)
    .map(([text, count]) => [Number(text), count] as const)
    .sort(([a], [b]) => a - b)) {
    seen += count
    if (seen >= rank) return day
  }
  return undefined
}

/** Below, a number says more about somebody than about the démarche. */
export const PETIT = 11

/** The cells of a total that may be shown, those that may not, and the total when it may be. */
export interface Masque {
  readonly total: number | undefined
  readonly visibles: Comptage
  readonly masques: readonly string[]
}

/**
 * What may be published of a total and its parts. A part under 11 is hidden, zero included (to know that nobody was refused is to know it of
 * each); and as the total is published, so is what is hidden together: as long as it is under 11, or a single part, or can only be made in one
 * way, the next smallest is hidden with it. Parts are taken in the order of their size, then of their name, so that the choice tells nothing else. Pure; chiffres.test.ts tries every
 * small table: nobody who knows this rule finds the value of a hidden small part.
 */
export function masquer(comptage: Comptage): Masque {
  const total = somme(comptage)
  const parts = Object.entries(comptage).sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
  if (total < PETIT) return { total: undefined, visibles: {}, masques: parts.map(([name]) => name).sort() }
  let hidden = parts.filter(([, count]) => count < PETIT).length
  const ensemble = () => parts.slice(0, hidden).reduce((sum, [, count]) => sum + count, 0)
  const small = hidden
  // Ten and ten make twenty and nothing else does: parts that are all small must not be all at their most.
  const isTight = () => hidden === small && ensemble() >= (PETIT - 1) * hidden
  while (hidden > 0 && hidden < parts.length && (hidden === 1 || ensemble() < PETIT || isTight())) hidden++
  // Of two equal parts, to hide one would tell that the others are not smaller.
  while (hidden > small && hidden < parts.length && parts[hidden]![1] === parts[hidden - 1]![1]) hidden++
  return {
    total,
    visibles: Object.fromEntries(parts.slice(hidden)),
    masques: parts
      .slice(0, hidden)
      .map(([name]) => name)
      .sort(),
  }
}

/** What is published of a démarche over a closed period. */
export interface ChiffresPublics {
  readonly depots: Masque
  readonly corrections: Masque
  readonly decisions: Masque
  readonly delai: { readonly mediane: number; readonly neufDixiemes: number } | undefined
  readonly avis: { readonly nombre: number; readonly moyenne: number } | undefined
  readonly abandons: Masque
}

export const CANAUX = ['web', 'sms', 'papier', 'guichet', 'api', 'hubee'] as const
export const ISSUES = ['accepte', 'refuse', 'sans_suite', 'silence'] as const

/** The figures of a period without the small numbers; parts that nobody chose are there, so that their absence tells nothing. */
export function publier(resume: Resume, etapes: readonly string[]): ChiffresPublics {
  const complet = (names: readonly string[], comptage: Comptage): Comptage => ({
    ...Object.fromEntries(names.map(name => [name, 0])),
    ...comptage,
  })
  const { mediane, neufDixiemes, avis } = resume
  return {
    depots: masquer(complet(CANAUX, resume.parCanal)),
    corrections: masquer(complet(['avec', 'sans'], resume.corrections)),
    decisions: masquer(complet(ISSUES, resume.parIssue)),
    delai: resume.decisions >= PETIT && mediane !== undefined && neufDixiemes !== undefined ? { mediane, neufDixiemes } : undefined,
    avis: avis && avis.nombre >= PETIT ? { nombre: avis.nombre, moyenne: Math.round(avis.moyenne * 10) / 10 } : undefined,
    abandons: masquer(complet(etapes, resume.abandons)),
  }
}

/**
 * The period to publish, in whole months, end excluded: from the end of the last one (or the first month counted) to the present month. Periods never overlap
 * and never change, so that no difference between two publications tells of one person; one with fewer than 11 filings waits and grows.
 */
export function periodeAPublier(
  comptes: readonly Compte[],
  dernierePubliee: string | undefined,
  moisPresent: string,
): { du: string; au: string } | undefined {
  const counted = comptes.filter(({ mesure }) => mesure !== 'brouillon').map(({ mois }) => mois)
  const du = dernierePubliee ?? counted.sort()[0]
  if (!du || du >= moisPresent) return undefined
  const depots = comptes.filter(({ mesure, mois }) => mesure === 'depot' && mois >= du && mois < moisPresent)
  return depots.reduce((sum, { nombre }) => sum + nombre, 0) >= PETIT ? { du, au: moisPresent } : undefined
}
