import { definitions } from '../../formulaires/index.ts'
import { same } from './same.ts'

type Objet = Record<string, unknown>

/** What a new field has where its type asks for something: by the name of the property, whatever the type. */
const defauts: Readonly<Record<string, unknown>> = {
  options: [
    { id: 'choix_1', libelle: 'Choix 1' },
    { id: 'choix_2', libelle: 'Choix 2' },
  ],
  nature: 'nombre',
  expression: { constante: 0 },
  explication: 'Expliquez ici comment cette valeur est trouvée.',
  texte: 'Écrivez ici votre texte.',
  referentiel: 'a-choisir',
}

/**
 * A field of a type with what that type requires, ready to be changed; null when it cannot be made. Which properties are required is
 * read in the schema of the type: a new type needs nothing here.
 */
export function champNeuf(type: string, id: string, libelle: string, given: Objet = {}): Objet | null {
  const champ: Objet = { type, ...given, id, libelle }
  for (let before: Objet | null = null; !same(before, champ); ) {
    const parsed = definitions.schemaChamp.safeParse(champ)
    if (parsed.success) return champ
    before = structuredClone(champ)
    for (const { path } of parsed.error.issues) fill(champ, path)
  }
  return null
}

/** The same field made of another type: what every field has is kept, the rest begins anew. */
export function changerDeType(champ: Objet, type: string): Objet | null {
  const communes = Object.keys(definitions.commun)
  const kept = Object.entries(champ).filter(([name]) => communes.includes(name))
  const options = 'options' in champ ? { options: champ.options } : {}
  const { id, libelle, ...rest } = Object.fromEntries(kept)
  const make = (given: Objet) => champNeuf(type, String(id), String(libelle), given)
  // First with its options, which go from one sort of choice to another; some types (a heading) lack what most fields have.
  return make({ ...rest, ...options }) ?? make(rest) ?? make(pick(rest, ['visibleSi'])) ?? make({})
}

const pick = (objet: Objet, names: readonly string[]): Objet =>
  Object.fromEntries(Object.entries(objet).filter(([name]) => names.includes(name)))

/** Gives its default to a missing property, at any depth. */
function fill(champ: Objet, path: readonly PropertyKey[]): void {
  const name = String(path.at(-1))
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), champ)
  if (typeof parent === 'object' && parent !== null && Reflect.get(parent, name) === undefined && Object.hasOwn(defauts, name))
    Reflect.set(parent, name, structuredClone(defauts[name]))
}
