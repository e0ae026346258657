import { dates } from '../../formulaires/index.ts'

/** Channels and outcomes as people read them. */
export const MOTS: Readonly<Record<string, string>> = {
  web: 'en ligne',
  sms: 'par SMS',
  papier: 'sur papier',
  guichet: 'au guichet',
  api: 'par un autre logiciel',
  hubee: 'par le portail de l’État',
  accepte: 'acceptées',
  refuse: 'refusées',
  sans_suite: 'classées sans suite',
  silence: 'décidées par le silence',
  non_garde: 'détail effacé',
  avec: 'avec une correction demandée',
  sans: 'sans correction',
  debut: 'dès la première page',
}

/** « novembre 2026 » of `2026-11-01`. */
export const moisEnMots = (mois: string): string => dates.longDate(`${mois.slice(0, 7)}-02`).replace(/^\S+\s/, '')

export const enJours = (jours: number | undefined): string =>
  jours === undefined ? '–' : jours === 0 ? 'le jour même' : `${jours}\u00a0jour${jours > 1 ? 's' : ''}`

/** « 12 % », « – » of nothing. */
export const enPart = (nombre: number, total: number): string => (total === 0 ? '–' : `${Math.round((nombre / total) * 100)}\u00a0%`)

/** The last month of a period whose end is excluded. */
function derniereMois(au: string): string {
  const [annee = 0, mois = 1] = au.split('-').map(Number)
  return mois === 1 ? `${annee - 1}-12-01` : `${annee}-${String(mois - 1).padStart(2, '0')}-01`
}

/** « De janvier 2026 à mars 2026 », of a period whose end is excluded. */
export function periodeEnMots({ du, au }: { readonly du: string; readonly au: string }): string {
  const fin = derniereMois(au)
  return fin === du ? `En ${moisEnMots(du)}` : `De ${moisEnMots(du)} à ${moisEnMots(fin)}`
}
