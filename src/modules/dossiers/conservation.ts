import { civilDay } from '../../platform/clock.ts'
import { traitement } from '../demarches/index.ts'
import { dates } from '../formulaires/index.ts'
import { type Etat, estTermine } from './dossier.ts'

/** Days between the notice and the day on which a dossier leaves the lists. */
export const PREAVIS_JOURS = 14
/** Days during which a hidden dossier can still come back. */
export const CORBEILLE_JOURS = 14
/** An account nobody uses is erased after that. */
export const COMPTE_ANNEES = 2
/** An erasure larger than that waits for a person: this share of the dossiers of the collectivité, and at least so many. */
export const PART_AU_PLUS = 0.1
export const NOMBRE_AU_MOINS = 20

/** What the rule looks at. Instants. */
export interface AConserver {
  readonly etat: Etat
  /** The last thing that the person did in a draft. */
  readonly activiteLe: Date
  readonly decideLe: Date | null
  /** Since when it can no longer expect silence: the last notice sent, if any. */
  readonly prevenuLe: Date | null
  readonly cacheLe: Date | null
  /** Who hid it; undefined when it is not hidden. */
  readonly cachePar?: 'systeme' | 'personne' | undefined
  /** Its erasure is suspended by an agent, with a reason. */
  readonly estGele: boolean
  /** Whether an agent has said that the archives have it. */
  readonly estRemis: boolean
}

export type Suite = 'rien' | 'prevenir' | 'cacher' | 'remettre' | 'effacer'

/**
 * The day (`YYYY-MM-DD`, in the zone of the collectivité) at the end of which a dossier has been kept long enough: a draft, three months
 * after its last activity; a decided one, the months of its démarche after the decision. **Undefined for what is not decided: it never expires.**
 */
export function finDeConservation(
  dossier: Pick<AConserver, 'etat' | 'activiteLe' | 'decideLe'>,
  conservationMois: number,
  timeZone: string,
): string | undefined {
  if (dossier.etat === 'brouillon') return dates.addMonths(civilDay(dossier.activiteLe, timeZone), traitement.BROUILLON_MOIS) ?? undefined
  if (!estTermine(dossier.etat) || !dossier.decideLe) return undefined
  return dates.addMonths(civilDay(dossier.decideLe, timeZone), conservationMois) ?? undefined
}

/**
 * What retention asks now; pure. Two weeks before the end the person is told; at the end, and never less than two weeks after they were told,
 * it is hidden; two weeks later it is erased, if at that moment its time is still over. What a person put in the bin is erased two weeks
 * later, whatever its duration. `remettre`: it waits for an agent to hand it to the archives (code du patrimoine, L212-2).
 */
export function suiteDe(
  dossier: AConserver,
  declare: { readonly conservationMois: number; readonly sort: traitement.SortFinal },
  now: Date,
  timeZone: string,
): Suite {
  if (dossier.estGele) return 'rien'
  const today = civilDay(now, timeZone)
  const fin = finDeConservation(dossier, declare.conservationMois, timeZone)
  if (dossier.cacheLe) return suiteDeCache(dossier, declare.sort, fin, today, timeZone)
  if (!fin || today < jour(fin, -PREAVIS_JOURS)) return 'rien'
  const depart = dossier.etat === 'brouillon' ? dossier.activiteLe : dossier.decideLe!
  // A notice from before the last activity, or from before the decision was taken again, told of another day.
  if (!dossier.prevenuLe || dossier.prevenuLe < depart) return 'prevenir'
  return today >= fin && today >= jour(civilDay(dossier.prevenuLe, timeZone), PREAVIS_JOURS) ? 'cacher' : 'rien'
}

function suiteDeCache(dossier: AConserver, sort: traitement.SortFinal, fin: string | undefined, today: string, timeZone: string): Suite {
  if (today < finDeCorbeille(dossier.cacheLe!, timeZone)) return 'rien'
  if (dossier.cachePar === 'systeme' && (!fin || today < fin)) return 'rien'
  return estTermine(dossier.etat) && sort === 'archiver' && !dossier.estRemis ? 'remettre' : 'effacer'
}

/** The day from which a hidden dossier may be erased. */
export const finDeCorbeille = (cacheLe: Date, timeZone: string): string => jour(civilDay(cacheLe, timeZone), CORBEILLE_JOURS)

const jour = (day: string, days: number): string => dates.addDays(day, days) ?? day

/** Whether erasing `nombre` dossiers out of `total` is too much to do without asking. */
export const estTrop = (nombre: number, total: number): boolean => nombre >= NOMBRE_AU_MOINS && nombre > total * PART_AU_PLUS
