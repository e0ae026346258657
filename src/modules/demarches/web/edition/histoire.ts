import type { Edition } from '../../queries/copie.ts'

/** What a change is to the one it names: a change, the undoing of one, or a change done again. */
export type Sorte = 'change' | 'annule' | 'retablit'

type Trait = Pick<Edition, 'rang' | 'annule'>

/** The kind of a change: undoing an undoing does the change again, and so on. */
export function sorteDe(edition: Trait, editions: readonly Trait[]): Sorte {
  if (edition.annule === null) return 'change'
  const undone = editions.find(({ rang }) => rang === edition.annule)
  return undone && sorteDe(undone, editions) === 'annule' ? 'retablit' : 'annule'
}

/** The sentence of a change, without the marks that undoing and redoing pile up. */
export function direEdition(edition: Edition, editions: readonly Edition[]): string {
  const bare = edition.phrase.replace(/^(?:(?:Annulé|Rétabli) : )+/, '')
  const sorte = sorteDe(edition, editions)
  return sorte === 'change' ? bare : `${sorte === 'annule' ? 'Annulé' : 'Rétabli'} : ${bare}`
}

/**
 * Which change the next « Annuler » and « Rétablir » name; undefined when there is none. `editions`: the latest first. A change made after an
 * undoing leaves nothing to do again, as everywhere.
 */
export function suivants(editions: readonly Trait[]): { readonly annuler: number | undefined; readonly retablir: number | undefined } {
  const force = enVigueur(editions)
  const isDone = (edition: Trait) => force.has(edition.rang) && edition.rang > 0 && sorteDe(edition, editions) !== 'annule'
  const retablir = editions.find(edition => force.has(edition.rang) && sorteDe(edition, editions) === 'annule')
  const since = retablir ? editions.filter(({ rang }) => rang > retablir.rang) : []
  return {
    annuler: editions.find(isDone)?.rang,
    retablir: since.some(edition => sorteDe(edition, editions) === 'change') ? undefined : retablir?.rang,
  }
}

/** The ranks of the changes that no later one in force undoes. */
export function enVigueur(editions: readonly Trait[]): ReadonlySet<number> {
  const undone = new Set<number>()
  const force = new Set<number>()
  for (const { rang, annule } of editions.toSorted((a, b) => b.rang - a.rang)) {
    if (undone.has(rang)) continue
    force.add(rang)
    if (annule !== null) undone.add(annule)
  }
  return force
}
