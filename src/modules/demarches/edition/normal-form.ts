import type { Modele } from '../demarche.ts'

/**
 * A démarche laid flat, so that two versions can be compared and merged piece by piece. Every piece has a path made of stable ids:
 * `''` the démarche, `parametres/tarifs`, `etapes/enfants`, `champs/ecole` (wherever it is asked: its étape is one of its
 * properties), `champs/classe/options/cp`. The order of things is apart, as lists of ids.
 */
export interface Normale {
  readonly elements: Map<string, Proprietes>
  /** `parametres`, `etapes`, `etapes/enfants/champs`, `champs/classe/options` → ids in order. */
  readonly listes: Map<string, string[]>
}

/** Properties of an element. Objects of the démarche are read by property (`silence.mois`); everything else is one value. */
export type Proprietes = Map<string, unknown>

type Objet = Readonly<Record<string, unknown>>

/** Properties that a field or a setting keeps whatever its type. The others only have a sense together with it. */
const communes: ReadonlySet<string> = new Set([
  'libelle',
  'enPhrase',
  'aide',
  'obligatoire',
  'visibleSi',
  'autocomplete',
  'largeur',
  'etape',
])

/**
 * Lays a démarche flat. In `groupes` are the paths of the fields and settings whose type differs between the versions compared:
 * what depends on the type is then one value, under `type`. Ids are unique (checkModele); twice the same is a mistake of the
 * caller and throws a RangeError.
 */
export function toNormal(modele: Modele, groupes: ReadonlySet<string> = new Set()): Normale {
  const normale: Normale = { elements: new Map(), listes: new Map() }
  const { formulaire, ...racine } = modele
  const { parametres, etapes, ...reste } = formulaire
  // An empty list of settings and none at all are two definitions: the first is told by a property.
  const vide = parametres?.length === 0 ? { parametres } : {}
  add(normale, '', new Map([...flat(racine), ...prefixed('formulaire', { ...reste, ...vide })]))
  if (parametres?.length) normale.listes.set('parametres', putAll(normale, 'parametres', parametres, groupes))
  normale.listes.set(
    'etapes',
    etapes.map(({ id }) => id),
  )
  for (const { champs, ...etape } of etapes) {
    const path = `etapes/${etape.id}`
    add(normale, path, new Map(kept(etape)))
    const ids = putAll(normale, 'champs', champs, groupes, etape.id)
    normale.listes.set(`${path}/champs`, ids)
  }
  return normale
}

/** The démarche again. Lossless: what was laid flat is rebuilt, key for key. */
export function fromNormal(normale: Normale): Modele {
  const racine = unflat(normale.elements.get('') ?? new Map())
  const parametres = normale.listes.get('parametres') ?? []
  const formulaire = {
    ...(racine.formulaire as Objet | undefined),
    ...(parametres.length > 0 ? { parametres: parametres.map(id => objetDe(normale, `parametres/${id}`)) } : {}),
    etapes: (normale.listes.get('etapes') ?? []).map(id => ({
      ...objetDe(normale, `etapes/${id}`),
      champs: (normale.listes.get(`etapes/${id}/champs`) ?? []).map(champ => objetDe(normale, `champs/${champ}`)),
    })),
  }
  // The shape comes from a Modele that went through toNormal; what edits the flat form checks the result with schemaModele.
  return { ...racine, formulaire } as unknown as Modele
}

/** One element as the definition writes it, with its options; a field without its étape, an étape without its fields. */
export function objetDe(normale: Normale, path: string): Objet {
  const properties = normale.elements.get(path) ?? new Map<string, unknown>()
  const objet: Record<string, unknown> = { id: idDe(path) }
  for (const [name, value] of properties) {
    if (name === 'etape') continue
    if (name === 'type' && typeof value === 'object') Object.assign(objet, value)
    else objet[name] = value
  }
  if (path.startsWith('champs/'))
    for (const name of listesDe(normale, path)) {
      const ids = normale.listes.get(`${path}/${name}`) ?? []
      if (ids.length > 0) objet[name] = ids.map(id => objetDe(normale, `${path}/${name}/${id}`))
    }
  return objet
}

/** Puts an element written as in a definition, with its options. Its place in a list is the caller's. */
export function putObjet(normale: Normale, path: string, objet: Objet, etape?: string, isGrouped = false): void {
  const { id: _, ...rest } = objet
  const properties: Proprietes = new Map(etape === undefined ? [] : [['etape', etape]])
  const group: Record<string, unknown> = {}
  for (const [name, value] of kept(rest)) {
    if (isGrouped && !communes.has(name)) group[name] = value
    else if (isListOfElements(value)) normale.listes.set(`${path}/${name}`, putAll(normale, `${path}/${name}`, value))
    else properties.set(name, value)
  }
  if (isGrouped) properties.set('type', group)
  add(normale, path, properties)
}

/** Takes an element out with what it holds: its options. The list it was in is the caller's. */
export function takeOut(normale: Normale, path: string): void {
  if (path.startsWith('champs/'))
    for (const name of listesDe(normale, path)) {
      for (const id of normale.listes.get(`${path}/${name}`) ?? []) takeOut(normale, `${path}/${name}/${id}`)
      normale.listes.delete(`${path}/${name}`)
    }
  normale.elements.delete(path)
}

/** The list in which an element stands. */
export function listeDe(normale: Normale, path: string): string {
  const above = path.slice(0, path.lastIndexOf('/'))
  return above === 'champs' ? `etapes/${String(normale.elements.get(path)?.get('etape'))}/champs` : above
}

/** Last part of a path: the id of the element. */
export const idDe = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Names of the lists of elements that a field or an option holds. */
export function listesDe(normale: Normale, path: string): string[] {
  // The lists that exist are `options` so far: looked for among the keys, so that no type is named here.
  const names: string[] = []
  for (const liste of normale.listes.keys())
    if (liste.startsWith(path) && liste.lastIndexOf('/') === path.length && liste[path.length] === '/')
      names.push(liste.slice(path.length + 1))
  return names
}

/** Paths of the fields and settings whose type is not the same in every version that has them. */
export function groupesDe(...modeles: readonly Modele[]): Set<string> {
  const types = new Map<string, string>()
  const groupes = new Set<string>()
  const see = (path: string, type: string) => {
    const known = types.get(path)
    if (known !== undefined && known !== type) groupes.add(path)
    types.set(path, type)
  }
  for (const { formulaire } of modeles) {
    for (const { id, type } of formulaire.parametres ?? []) see(`parametres/${id}`, type)
    for (const { champs } of formulaire.etapes) for (const { id, type } of champs) see(`champs/${id}`, type)
  }
  return groupes
}

function putAll(normale: Normale, within: string, objets: readonly object[], groupes?: ReadonlySet<string>, etape?: string): string[] {
  return objets.map(objet => {
    const id = String(Reflect.get(objet, 'id'))
    const path = `${within}/${id}`
    putObjet(normale, path, objet as Objet, etape, groupes?.has(path))
    return id
  })
}

function add({ elements }: Normale, path: string, properties: Proprietes): void {
  if (elements.has(path)) throw new RangeError(`toNormal: « ${path} » twice`)
  elements.set(path, properties)
}

/** Entries without the undefined ones, which JSON does not know, nor the id, which is in the path. */
const kept = (objet: object): [string, unknown][] => Object.entries(objet).filter(([name, value]) => value !== undefined && name !== 'id')

/** A list of things that have each their id, so that one can be named and moved. */
function isListOfElements(value: unknown): value is Objet[] {
  if (!Array.isArray(value) || value.length === 0) return false
  return value.every(item => typeof item === 'object' && item !== null && typeof Reflect.get(item, 'id') === 'string')
}

function flat(racine: object): [string, unknown][] {
  return Object.entries(racine).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return []
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
    return isObject ? prefixed(name, value) : [[name, value]]
  })
}

const prefixed = (prefix: string, objet: object): [string, unknown][] =>
  Object.entries(objet).flatMap(([name, value]): [string, unknown][] => (value === undefined ? [] : [[`${prefix}.${name}`, value]]))

function unflat(properties: Proprietes): Record<string, unknown> {
  const racine: Record<string, unknown> = {}
  for (const [name, value] of properties) {
    const [first = '', second] = name.split('.')
    if (second === undefined) racine[first] = value
    else racine[first] = { ...(racine[first] as Objet | undefined), [second]: value }
  }
  return racine
}
