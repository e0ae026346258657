import type { Tone } from '../../../../ui/index.ts'
import type { Etat } from '../../dossier.ts'

/** The tone of each state; its words say it too. */
export const tonDeLEtat: Readonly<Record<Etat, Tone>> = {
  brouillon: 'neutre',
  en_construction: 'info',
  en_instruction: 'attention',
  accepte: 'succes',
  refuse: 'danger',
  sans_suite: 'neutre',
}

export { titreDeLEvenement } from '../../titres.ts'

export const motifsDeCorrection = {
  incomplet: { label: 'Il manque quelque chose', hint: 'Une réponse ou un document.' },
  incorrect: { label: 'Une réponse est inexacte', hint: 'Elle ne correspond pas aux documents, ou se contredit.' },
  perime: { label: 'Un document est trop ancien', hint: undefined },
} as const

export type MotifDeCorrection = keyof typeof motifsDeCorrection

/** Whole days from a civil day to another (`YYYY-MM-DD`); negative when the second is before. */
export const joursEntre = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** How far a day is: « aujourd’hui », « dans 3 jours », « il y a 2 jours ». */
export function distance(jours: number): string {
  if (jours === 0) return 'aujourd’hui'
  const words = `${Math.abs(jours)}\u00a0jour${Math.abs(jours) > 1 ? 's' : ''}`
  return jours > 0 ? `dans ${words}` : `il y a ${words}`
}

/** « 12 dossiers », « plus de 1 000 dossiers ». */
export function nombreDeDossiers(total: number, plafond: number): string {
  if (total > plafond) return `plus de ${plafond.toLocaleString('fr-FR')} dossiers`
  return `${total} dossier${total > 1 ? 's' : ''}`
}
