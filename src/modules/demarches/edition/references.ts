import type { Modele } from '../demarche.ts'
import { type Normale, toNormal } from './normal-form.ts'
import { nomDe } from './phrases.ts'

/** Something that reads an element and would break without it. */
export interface Reference {
  /** The element that reads it, and by which property. */
  readonly element: string
  readonly propriete: string
  /** « la condition d’affichage de la question « École » ». */
  readonly phrase: string
}

/**
 * What refers to an element (`champs/ecole`, `etapes/enfants`, `parametres/tarifs`, `champs/classe/options/cp`): conditions, computed
 * values, bounds, texts with `{ecole}`, the fields that tell who asks. An étape counts with its fields; what it holds itself is left
 * out.
 */
export function referencesA(modele: Modele, element: string): Reference[] {
  const normale = toNormal(modele)
  const targets = targetsOf(normale, element)
  const inside = new Set([element, ...targets.ids.map(id => `champs/${id}`)])
  return [...normale.elements].flatMap(([path, properties]) => {
    if (inside.has(path) || path.startsWith(`${element}/`)) return []
    return [...properties].flatMap(([propriete, value]): Reference[] =>
      propriete !== 'etape' && mentions(value, targets, propriete)
        ? [{ element: path, propriete, phrase: said(modele, path, propriete) }]
        : [],
    )
  })
}

interface Cible {
  readonly ids: readonly string[]
  /** An option: the constant that a condition compares its field with. */
  readonly option?: string
}

function targetsOf(normale: Normale, element: string): Cible {
  const [kind, id = '', , ...options] = element.split('/')
  if (options.length > 0) return { ids: [id], option: options.at(-1)! }
  if (kind !== 'etapes') return { ids: [id] }
  return { ids: [id, ...(normale.listes.get(`${element}/champs`) ?? [])] }
}

/** Whether a value names one of the ids: in an expression, between braces in a text, or as the field that tells who asks. */
function mentions(value: unknown, cible: Cible, propriete = ''): boolean {
  if (cible.option !== undefined) return comparesWith(value, cible)
  if (typeof value === 'string')
    return propriete.startsWith('demandeur.') ? cible.ids.includes(value) : cible.ids.some(id => value.includes(`{${id}}`))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, inner]) =>
      (['champ', 'repetition', 'parametre'].includes(key) && typeof inner === 'string' && cible.ids.includes(inner)) ||
      mentions(inner, cible),
  )
}

function comparesWith(value: unknown, cible: Cible): boolean {
  if (typeof value !== 'object' || value === null) return false
  const termes: unknown = Reflect.get(value, 'termes')
  if (Array.isArray(termes)) {
    const has = (key: string, wanted: string) =>
      termes.some(term => typeof term === 'object' && term !== null && Reflect.get(term, key) === wanted)
    if (cible.ids.some(id => has('champ', id)) && has('constante', cible.option ?? '')) return true
  }
  return Object.values(value).some(inner => comparesWith(inner, cible))
}

const proprietes: Readonly<Record<string, string>> = {
  visibleSi: 'la condition d’affichage de',
  expression: 'le calcul de',
  min: 'le minimum de',
  max: 'le maximum de',
  repetition: 'le titre des lignes de',
}

function said(modele: Modele, path: string, propriete: string): string {
  if (path !== '') return `${proprietes[propriete] ?? 'un réglage de'} ${nomDe(path, modele)}`.replace(' de le ', ' du ')
  if (propriete.startsWith('demandeur.')) return 'les coordonnées du demandeur'
  if (propriete === 'formulaire.refusSi') return 'les cas où la demande n’est pas possible'
  if (propriete === 'aiguillage') return 'les services chargés selon les réponses'
  return propriete.startsWith('decision.') ? 'le texte de la décision' : 'un réglage de la démarche'
}

/** A value with the ids it names replaced, as a copy of a field or an étape needs. */
export function renommer<T>(value: T, ids: ReadonlyMap<string, string>): T {
  return rename(value, ids) as T
}

function rename(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return value.replace(/\{([^{}]*)\}/g, (whole, id: string) => (ids.has(id) ? `{${ids.get(id)}}` : whole))
  if (Array.isArray(value)) return value.map(item => rename(item, ids))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const isReference = (key === 'champ' || key === 'repetition') && typeof inner === 'string'
      return [key, isReference ? (ids.get(inner) ?? inner) : rename(inner, ids)]
    }),
  )
}
