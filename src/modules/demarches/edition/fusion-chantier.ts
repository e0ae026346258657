/** What the steps of a merge share (fusion.ts). */
import { listesDe, type Normale, objetDe } from './normal-form.ts'

/** Something that both sides changed differently. Until somebody chooses, `resultat` keeps `miennes`. */
export interface Conflit {
  /** The key of the difference (differences.ts), or `etapes/enfants/champs#ordre` for an order. */
  readonly cle: string
  readonly element: string
  /** Absent when the whole element is at stake: one side removed it and the other changed it. */
  readonly propriete?: string
  /** The value on each side; absent: that side removed it. Elements as the definition writes them, orders as lists of ids. */
  readonly base?: unknown
  readonly leurs?: unknown
  readonly miennes?: unknown
}

export type Choix = Readonly<Record<string, 'leurs' | 'miennes'>>

/** The three versions laid flat, what is made of them, and what is found on the way. */
export interface Chantier {
  readonly b: Normale
  readonly t: Normale
  readonly m: Normale
  readonly r: Normale
  readonly groupes: ReadonlySet<string>
  readonly choix: Choix
  readonly conflits: Conflit[]
  /** Fields put back so that an étape is not empty: they stay. */
  readonly forced: Set<string>
}

export const isTop = (path: string): boolean => path.indexOf('/') === path.lastIndexOf('/')

/** Tells a conflict, and gives the side to take. */
export function conflict(work: Chantier, found: Conflit): 'leurs' | 'miennes' {
  if (!work.conflits.some(({ cle }) => cle === found.cle)) work.conflits.push(found)
  return work.choix[found.cle] ?? 'miennes'
}

export const defined = (values: { base?: unknown; leurs?: unknown; miennes?: unknown }) =>
  Object.fromEntries(Object.entries(values).filter(entry => entry[1] !== undefined))

export const whole = (normale: Normale, path: string): unknown => (normale.elements.has(path) ? objetDe(normale, path) : undefined)

export function elementConflict(work: Chantier, path: string): 'leurs' | 'miennes' {
  const values = defined({ base: whole(work.b, path), leurs: whole(work.t, path), miennes: whole(work.m, path) })
  return conflict(work, { cle: path, element: path, ...values })
}

/** Copies an element with its options, as it is in a version. */
export function copy(from: Normale, to: Normale, path: string): void {
  const properties = from.elements.get(path)
  if (!properties) return
  to.elements.set(path, new Map(properties))
  if (!path.startsWith('champs/')) return
  for (const name of listesDe(from, path)) {
    const ids = from.listes.get(`${path}/${name}`) ?? []
    to.listes.set(`${path}/${name}`, [...ids])
    for (const id of ids) copy(from, to, `${path}/${name}/${id}`)
  }
}
