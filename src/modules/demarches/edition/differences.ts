import type { Modele } from '../demarche.ts'
import { groupesDe, idDe, listeDe, type Normale, objetDe, type Proprietes, putObjet, takeOut, toNormal } from './normal-form.ts'
import { same } from './same.ts'

/** Where an element stands: its list, and the ids before it, the nearest first. */
export interface Place {
  readonly liste: string
  readonly apres: readonly string[]
}

/** One thing that is not the same in two versions of a démarche. Plain JSON. */
export interface Difference {
  /**
   * Stable and printable: `champs/ecole` added or removed, `champs/ecole/aide` changed, `champs/ecole#place` moved, `silence.mois` of the
   * démarche itself.
   */
  readonly cle: string
  readonly nature: 'ajoute' | 'retire' | 'modifie' | 'deplace'
  /** Path of the element (normal-form.ts); empty for the démarche itself. */
  readonly element: string
  readonly propriete?: string
  /** The value, the whole element, or its place. Absent: there was none, or there is none any more. */
  readonly avant?: unknown
  readonly apres?: unknown
  /** Of what is added or moved. */
  readonly place?: Place
}

/** Never compared: the name and the number of a revision are not its content. */
export const horsContenu: ReadonlySet<string> = new Set(['id', 'version'])

/**
 * What changes from `a` to `b`, in the order of reading of `b`. An element added or removed counts once, with what it holds (its
 * options); the fields of an étape are elements of their own. Law: appliquer(a, differences(a, b)) is b.
 */
export function differences(a: Modele, b: Modele): Difference[] {
  const groupes = groupesDe(a, b)
  const [avant, apres] = [toNormal(a, groupes), toNormal(b, groupes)]
  const moved = movedElements(avant, apres)
  const found: Difference[] = []
  for (const [path, properties] of apres.elements) {
    const before = avant.elements.get(path)
    if (before) found.push(...changedProperties(path, before, properties))
    else if (!isInside(path, apres, avant))
      found.push({ cle: path, nature: 'ajoute', element: path, apres: objetDe(apres, path), place: placeDe(apres, path) })
    if (before && moved.has(path)) {
      const [from, place] = [placeDe(avant, path), placeDe(apres, path)]
      found.push({ cle: `${path}#place`, nature: 'deplace', element: path, avant: from.liste, apres: place.liste, place })
    }
  }
  for (const path of avant.elements.keys())
    if (!apres.elements.has(path) && !isInside(path, avant, apres))
      found.push({ cle: path, nature: 'retire', element: path, avant: objetDe(avant, path) })
  return found
}

/** Key of a changed property. */
export const cleDe = (element: string, propriete: string): string => (element === '' ? propriete : `${element}/${propriete}`)

/** What an element is and where: to link to it. A field says also its étape in this version of the démarche. */
export function lieuDe(element: string, modele: Modele): { etape?: string; champ?: string; parametre?: string } {
  const [kind, id] = element.split('/')
  if (id === undefined) return {}
  if (kind === 'parametres') return { parametre: id }
  if (kind === 'etapes') return { etape: id }
  const etape = modele.formulaire.etapes.find(({ champs }) => champs.some(champ => champ.id === id))
  return etape ? { champ: id, etape: etape.id } : { champ: id }
}

/** Does what a difference says, on the flat form. Removals and moves out come first: see `appliquer`. */
export function placer(normale: Normale, difference: Difference): void {
  const { element, place } = difference
  if (!place) return
  if (difference.nature === 'ajoute') putObjet(normale, element, difference.apres as Record<string, unknown>, etapeDe(place))
  else if (etapeDe(place) !== undefined) normale.elements.get(element)?.set('etape', etapeDe(place))
  insert(normale, place, idDe(element))
}

/** Puts an id after the nearest one of those that stood before it. */
export function insert({ listes }: Normale, { liste, apres }: Place, id: string): void {
  const ids = listes.get(liste) ?? []
  const before = apres.find(candidate => ids.includes(candidate))
  ids.splice(before === undefined ? 0 : ids.indexOf(before) + 1, 0, id)
  listes.set(liste, ids)
}

/** Takes an id out of the list where its element stands. */
export function detach(normale: Normale, path: string): void {
  const liste = listeDe(normale, path)
  normale.listes.set(
    liste,
    (normale.listes.get(liste) ?? []).filter(id => id !== idDe(path)),
  )
}

/** The étape of a list of fields. */
export const etapeDe = ({ liste }: Place): string | undefined => /^etapes\/([^/]+)\/champs$/.exec(liste)?.[1]

export function placeDe(normale: Normale, path: string): Place {
  const liste = listeDe(normale, path)
  const ids = normale.listes.get(liste) ?? []
  return { liste, apres: ids.slice(0, ids.indexOf(idDe(path))).reverse() }
}

/** Changes the properties of an element, its type with all that depends on it. */
export function changer(normale: Normale, { element, propriete = '', apres }: Difference): void {
  const properties = normale.elements.get(element)
  if (apres === undefined) properties?.delete(propriete)
  else properties?.set(propriete, apres)
}

/** Takes an element out of its list and of the form. */
export function retirer(normale: Normale, path: string): void {
  detach(normale, path)
  if (path.startsWith('etapes/')) normale.listes.delete(`${path}/champs`)
  takeOut(normale, path)
}

function changedProperties(element: string, before: Proprietes, after: Proprietes): Difference[] {
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((propriete): Difference[] => {
    const [avant, apres] = [before.get(propriete), after.get(propriete)]
    if (propriete === 'etape' || same(avant, apres) || (element === '' && horsContenu.has(propriete))) return []
    const values = { ...(avant === undefined ? {} : { avant }), ...(apres === undefined ? {} : { apres }) }
    return [{ cle: cleDe(element, propriete), nature: 'modifie', element, propriete, ...values }]
  })
}

/** Whether an element is only there with another one that the other version lacks: an option of an added field. */
function isInside(path: string, here: Normale, there: Normale): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const above = path.slice(0, end)
    if (here.elements.has(above) && !there.elements.has(above)) return true
  }
  return false
}

/** Elements that changed list, or that are not in the longest run of elements kept in the same order. */
function movedElements(avant: Normale, apres: Normale): Set<string> {
  const moved = new Set<string>()
  for (const [liste, ids] of apres.listes) {
    const prefix = liste.endsWith('/champs') && liste.startsWith('etapes/') ? 'champs' : liste
    const old = new Map((avant.listes.get(liste) ?? []).map((id, rank) => [id, rank]))
    const kept = ids.filter(id => old.has(id))
    const still = new Set(longestIncreasing(kept, id => old.get(id) ?? 0))
    for (const id of ids) if (avant.elements.has(`${prefix}/${id}`) && !still.has(id)) moved.add(`${prefix}/${id}`)
  }
  return moved
}

/** The longest sub-sequence whose ranks grow: what needs not be called moved. Lists hold 60 ids at most: n² is 3,600 steps. */
function longestIncreasing(ids: readonly string[], rankOf: (id: string) => number): string[] {
  const best: { length: number; before: number }[] = []
  ids.forEach((id, index) => {
    let found = { length: 1, before: -1 }
    for (let earlier = 0; earlier < index; earlier++) {
      const candidate = best[earlier]!
      if (rankOf(ids[earlier]!) < rankOf(id) && candidate.length >= found.length) found = { length: candidate.length + 1, before: earlier }
    }
    best.push(found)
  })
  let at = best.reduce((top, { length }, index) => (top < 0 || length > best[top]!.length ? index : top), -1)
  const kept: string[] = []
  for (; at >= 0; at = best[at]!.before) kept.unshift(ids[at]!)
  return kept
}
