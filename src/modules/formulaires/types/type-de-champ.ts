import * as z from 'zod'
import { type Expression, identifiant, type Portee, type Resultat, schemaExpression } from '../expression.ts'
import type { Recherche } from '../recherche.ts'
import type { Lecture, Saisie } from '../saisie.ts'

/** What an expression makes of a field. Amounts are apart from numbers, so that euros are never compared with a count. */
export type Nature = 'texte' | 'nombre' | 'montant' | 'date' | 'booleen' | 'liste'

/** A text shown to people: plain, neither markup nor control characters, at most `max` characters. */
export const texteAffiche = (max: number) =>
  z
    .string()
    .min(1, 'texte vide')
    .max(max, `texte de plus de ${max} caractères`)
    .refine(text => !/<[a-z!/?]|&#?\w+;/i.test(text), 'texte simple attendu, sans balise')
    .refine(text => !/(?!\n)\p{Cc}|\p{Bidi_Control}/u.test(text), 'caractère de contrôle refusé')

/** What every field has, whatever its type. */
export const commun = {
  /** Stable across revisions: drafts are carried over by it. */
  id: identifiant,
  libelle: texteAffiche(200),
  /** The field as named within a sentence, with its article: « la date de naissance ». Default: the label between « ». */
  enPhrase: texteAffiche(120).optional(),
  aide: texteAffiche(600).optional(),
  /** Default: true. */
  obligatoire: z.boolean().optional(),
  visibleSi: schemaExpression.optional(),
  /** Token of the HTML autocomplete attribute (WCAG 2.2, 1.3.5). */
  autocomplete: z
    .string()
    .regex(/^[a-z][a-z0-9 -]{0,60}$/)
    .optional(),
  /** Width of the box, in characters. */
  largeur: z.int().min(2).max(60).optional(),
}

/** Bounds by expression: a constant, today plus so many days, another field … */
export const bornes = { min: schemaExpression.optional(), max: schemaExpression.optional() }

export interface ChampCommun {
  readonly id: string
  readonly libelle: string
  readonly enPhrase?: string | undefined
}

/**
 * One type of field: the schema of its definition, and its four channels' worth of rules. A type is one file of this folder and
 * one line of `index.ts`. Laws tested for all: `lire(saisir(v))` gives v; `est` accepts what `lire` gives; nothing throws.
 */
export interface TypeDeChamp<C extends ChampCommun, V> {
  /** French name, for the editor. */
  readonly nom: string
  readonly schema: z.ZodType<C>
  nature(champ: C): Nature | null
  /** Whether a stored value has the shape of this type. */
  est(valeur: unknown): valeur is V
  /** Reads what was posted. An empty answer is `null`, whether it is required or not. */
  lire(champ: C, saisie: Saisie, portee: Portee): Lecture<V>
  /** The look-up needed to read what was posted, null when there is none to make. Its result comes in `portee.trouvailles`. */
  recherche?(champ: C, saisie: Saisie): Recherche | null
  /** Checks that depend on other answers (bounds). The sentence to show, or null. */
  controler?(champ: C, valeur: V, portee: Portee): string | null
  /** What to say when a required answer is missing. */
  manque(champ: C): string
  /** The value as it would be typed again. */
  saisir(champ: C, valeur: V): Saisie
  /** The value for people, on one line or several. */
  formater(champ: C, valeur: V): string
  /** The value for expressions. */
  resultat(champ: C, valeur: V): Resultat
  /** What else expressions may read of it (`{champ, propriete}`), each with its nature. */
  proprietes?(champ: C): Readonly<Record<string, Nature>>
  /** One of them; null when the value does not have it. */
  propriete?(champ: C, valeur: V, nom: string): Resultat
  /** When it, or one of its properties, only takes known texts: each with its French name. */
  codes?(champ: C, propriete?: string): ReadonlyMap<string, string> | null
}

/** Declares properties that are all texts. */
export const textes = (...noms: string[]): Readonly<Record<string, Nature>> => Object.fromEntries(noms.map(nom => [nom, 'texte'] as const))

/** The codes of a list of options. */
export const codesDesOptions = (options: readonly { readonly id: string; readonly libelle: string }[]): ReadonlyMap<string, string> =>
  new Map(options.map(({ id, libelle }) => [id, libelle]))

/** Whether a stored value is an object whose properties of these names are all texts. */
export const aDesTextes = (valeur: unknown, noms: readonly string[]): boolean =>
  typeof valeur === 'object' &&
  valeur !== null &&
  noms.every(nom => Object.hasOwn(valeur, nom) && typeof Reflect.get(valeur, nom) === 'string')

/** A property of a composed value as an expression reads it. */
export function lirePropriete(valeur: object, nom: string): Resultat {
  const found: unknown = Object.hasOwn(valeur, nom) ? Reflect.get(valeur, nom) : null
  return (typeof found === 'string' && found !== '') || typeof found === 'number' ? found : null
}

/** The properties of a trouvaille that are kept in a value: those that are there and not empty. */
export const garder = (valeurs: Readonly<Record<string, string>>, noms: readonly string[]): Record<string, string> =>
  Object.fromEntries(noms.flatMap(nom => (valeurs[nom] ? [[nom, valeurs[nom]] as const] : [])))

/** Declares a type: only there to check its shape. */
export const typeDeChamp = <C extends ChampCommun, V>(type: TypeDeChamp<C, V>): TypeDeChamp<C, V> => type

/** How a sentence names a field. */
export const nommer = (champ: ChampCommun): string => champ.enPhrase ?? `« ${champ.libelle} »`

/** The same at the head of a sentence. */
export function Nommer(champ: ChampCommun): string {
  const name = nommer(champ)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

export type Bornes = { readonly min?: Expression | undefined; readonly max?: Expression | undefined }
