import * as z from 'zod'
import { isDay } from './dates.ts'
import type { Reponse } from './recherche.ts'

/** Properties of the commune that an expression may read. `population` is a number, the others are texts (codes and names of the register). */
export const proprietesCommune = ['nom', 'insee', 'epci', 'departement', 'region', 'population'] as const
export type ProprieteCommune = (typeof proprietesCommune)[number]
export type Commune = { readonly [P in ProprieteCommune]: P extends 'population' ? number : string }

/** One bracket of a scale: the amount (cents) up to and including `jusqua`; the last one has no end. */
export interface Tranche {
  readonly jusqua: number | null
  readonly montant: number
}

/** Value of a setting of the commune. Amounts are whole cents. */
export type ValeurParametre = string | number | boolean | readonly Tranche[]

/** The facts around a form: the day, the place, its settings. */
export interface Env {
  /** `YYYY-MM-DD` in the time zone of the collectivité. */
  readonly aujourdhui: string
  readonly commune: Commune
  readonly parametres: Readonly<Record<string, ValeurParametre>>
  /** What the look-ups of the page posted gave, by field. A field that is looked up and absent here is accepted as typed, unverified. */
  readonly trouvailles?: ReadonlyMap<string, Reponse>
}

/** What an expression gives: a scalar, a list of texts, or null for empty. Dates are texts `YYYY-MM-DD`, amounts whole cents. */
export type Resultat = string | number | boolean | readonly string[] | null

/** What an expression sees: the facts, and the answers within its scope (the whole form, or one row of a repetition). */
export interface Portee extends Env {
  /** The value of a field, or one property of it, as an expression reads it; null when empty, hidden, unknown or out of scope. */
  champ(id: string, propriete?: string): Resultat
  /** The rows of a repeated étape, each a scope of its own. */
  lignes(etape: string): readonly Portee[]
  /** Fields whose answer is not known yet: a test of emptiness on them stays undecided. */
  readonly inconnus?: ReadonlySet<string>
}

/** Operators on terms, with the number of terms each takes. */
export const operateurs = {
  '=': [2, 2],
  '!=': [2, 2],
  '<': [2, 2],
  '<=': [2, 2],
  '>': [2, 2],
  '>=': [2, 2],
  contient: [2, 2],
  ne_contient_pas: [2, 2],
  commence_par: [2, 2],
  /** The first term is one of the others: a place among départements, a choice among several. */
  dans: [2, 20],
  est_vide: [1, 1],
  n_est_pas_vide: [1, 1],
  et: [1, 20],
  ou: [1, 20],
  non: [1, 1],
  /** Condition, then, else. */
  si: [3, 3],
  '+': [2, 20],
  '-': [2, 2],
  '*': [2, 2],
  '/': [2, 2],
  /** Number of answers of a list. */
  taille: [1, 1],
  /** Number of characters of a text. */
  longueur: [1, 1],
  plus_jours: [2, 2],
  plus_mois: [2, 2],
  plus_annees: [2, 2],
  moins_jours: [2, 2],
  moins_mois: [2, 2],
  moins_annees: [2, 2],
  age: [2, 2],
} as const
export type Operateur = keyof typeof operateurs

export type Expression =
  /** The value of a field, or one property of it: the `departement` of a commune, the `heure` of a date and time. */
  | { readonly champ: string; readonly propriete?: string | undefined }
  | { readonly constante: string | number | boolean }
  /** A constant day, `YYYY-MM-DD`. */
  | { readonly date: string }
  /** A constant amount, in cents. */
  | { readonly montant: number }
  | { readonly aujourdhui: true }
  | { readonly commune: ProprieteCommune }
  | { readonly parametre: string }
  | { readonly op: Operateur; readonly termes: readonly Expression[] }
  /** Number of rows of a repetition, or of those for which `si` holds. */
  | { readonly op: 'nombre'; readonly repetition: string; readonly si?: Expression | undefined }
  /** Sum, least or greatest of a term over the rows; a row where it is empty counts for nothing. */
  | { readonly op: 'somme' | 'minimum' | 'maximum'; readonly repetition: string; readonly terme: Expression }
  /** The amount of the bracket of a scale in which a number falls. */
  | { readonly op: 'bareme'; readonly parametre: string; readonly terme: Expression }

/** Depth beyond which an expression is refused at publication, and empty at evaluation. */
export const maxDepth = 24

export const identifiant = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'identifiant : une minuscule, puis 39 lettres, chiffres ou _ au plus')

/**
 * The JSON shape of an expression. Operations are told apart by `op` before anything inside is read: trying each shape in turn would
 * double the work at every level of a hostile definition.
 */
export const schemaExpression: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.strictObject({ champ: identifiant, propriete: z.string().min(1).max(60).optional() }),
    z.strictObject({ constante: z.union([z.string().max(500), z.number(), z.boolean()]) }),
    z.strictObject({ date: z.string().refine(isDay, 'jour inexistant') }),
    z.strictObject({ montant: z.int() }),
    z.strictObject({ aujourdhui: z.literal(true) }),
    z.strictObject({ commune: z.enum(proprietesCommune) }),
    z.strictObject({ parametre: identifiant }),
    z.discriminatedUnion('op', [
      z.strictObject({
        op: z.enum(Object.keys(operateurs) as [Operateur, ...Operateur[]]),
        termes: z.array(schemaExpression).min(1).max(20),
      }),
      z.strictObject({ op: z.literal('nombre'), repetition: identifiant, si: schemaExpression.optional() }),
      z.strictObject({ op: z.enum(['somme', 'minimum', 'maximum']), repetition: identifiant, terme: schemaExpression }),
      z.strictObject({ op: z.literal('bareme'), parametre: identifiant, terme: schemaExpression }),
    ]),
  ]),
)

/** The direct sub-expressions of an expression. */
export function termesDe(expression: Expression): readonly Expression[] {
  if ('termes' in expression) return expression.termes
  if ('terme' in expression) return [expression.terme]
  return 'si' in expression && expression.si ? [expression.si] : []
}
