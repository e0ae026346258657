import { z } from 'zod'
import { addDays, addMonths, ageAt, isDay } from './dates.ts'
import { fold } from './saisie.ts'

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
}

/** What an expression gives: a scalar, a list of texts, or null for empty. Dates are texts `YYYY-MM-DD`, amounts whole cents. */
export type Resultat = string | number | boolean | readonly string[] | null

/** What an expression sees: the facts, and the answers within its scope (the whole form, or one row of a repetition). */
export interface Portee extends Env {
  /** The value of a field as an expression reads it; null when empty, hidden, unknown or out of scope. */
  champ(id: string): Resultat
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
  taille: [1, 1],
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
  | { readonly champ: string }
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
  /** Sum of a term over the rows; a row where it is empty counts for nothing. */
  | { readonly op: 'somme'; readonly repetition: string; readonly terme: Expression }
  /** The amount of the bracket of a scale in which a number falls. */
  | { readonly op: 'bareme'; readonly parametre: string; readonly terme: Expression }

/** Depth beyond which an expression is refused at publication, and empty at evaluation. */
export const maxDepth = 24

export const identifiant = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'identifiant : une minuscule, puis 39 lettres, chiffres ou _ au plus')

export const schemaExpression: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.strictObject({ champ: identifiant }),
    z.strictObject({ constante: z.union([z.string().max(500), z.number(), z.boolean()]) }),
    z.strictObject({ date: z.string().refine(isDay, 'jour inexistant') }),
    z.strictObject({ montant: z.int() }),
    z.strictObject({ aujourdhui: z.literal(true) }),
    z.strictObject({ commune: z.enum(proprietesCommune) }),
    z.strictObject({ parametre: identifiant }),
    z.strictObject({
      op: z.enum(Object.keys(operateurs) as [Operateur, ...Operateur[]]),
      termes: z.array(schemaExpression).min(1).max(20),
    }),
    z.strictObject({ op: z.literal('nombre'), repetition: identifiant, si: schemaExpression.optional() }),
    z.strictObject({ op: z.literal('somme'), repetition: identifiant, terme: schemaExpression }),
    z.strictObject({ op: z.literal('bareme'), parametre: identifiant, terme: schemaExpression }),
  ]),
)

/** The direct sub-expressions of an expression. */
export function termesDe(expression: Expression): readonly Expression[] {
  if ('termes' in expression) return expression.termes
  if ('terme' in expression) return [expression.terme]
  return 'si' in expression && expression.si ? [expression.si] : []
}

/**
 * The value of an expression. Total: it never throws, and what has no sense (empty term, wrong type, division by zero,
 * day out of the calendar) is empty. Conditions follow three values: an empty comparison is neither true nor false, so
 * that `non` of it is not true either.
 */
export function evaluate(expression: Expression, portee: Portee, depth = 0): Resultat {
  if (depth > maxDepth || expression === null || typeof expression !== 'object') return null
  const next = (term: Expression, scope = portee) => evaluate(term, scope, depth + 1)
  if ('champ' in expression) return portee.champ(expression.champ)
  if ('constante' in expression) return finite(expression.constante)
  if ('date' in expression) return expression.date
  if ('montant' in expression) return expression.montant
  if ('aujourdhui' in expression) return portee.aujourdhui
  if ('commune' in expression) return finite(portee.commune[expression.commune] ?? null)
  if ('parametre' in expression && !('op' in expression)) {
    const value = parametreOf(portee, expression.parametre)
    return typeof value === 'object' ? null : value
  }
  if ('repetition' in expression) return overRows(expression, portee, next)
  if ('parametre' in expression) return bracket(parametreOf(portee, expression.parametre), next(expression.terme))
  if (!('termes' in expression) || !Array.isArray(expression.termes)) return null
  if (isEmptinessOfUnknown(expression, portee)) return null
  return apply(
    expression.op,
    expression.termes.map(term => next(term)),
  )
}

/** Whether a condition holds: an undecided one does not. Without condition, true. */
export const holds = (condition: Expression | undefined, portee: Portee): boolean =>
  condition === undefined || evaluate(condition, portee) === true

const finite = (value: Resultat): Resultat => (typeof value === 'number' && !Number.isFinite(value) ? null : value)

const parametreOf = (portee: Portee, id: string): ValeurParametre | null =>
  Object.hasOwn(portee.parametres, id) ? (portee.parametres[id] ?? null) : null

function isEmptinessOfUnknown(expression: { op: Operateur; termes: readonly Expression[] }, portee: Portee): boolean {
  if (!portee.inconnus || (expression.op !== 'est_vide' && expression.op !== 'n_est_pas_vide')) return false
  const term = expression.termes[0]
  return term !== undefined && 'champ' in term && portee.inconnus.has(term.champ)
}

function overRows(
  expression: Extract<Expression, { repetition: string }>,
  portee: Portee,
  next: (term: Expression, scope: Portee) => Resultat,
): Resultat {
  const rows = portee.lignes(expression.repetition)
  if (expression.op === 'nombre') {
    const { si } = expression
    return si ? rows.filter(row => next(si, row) === true).length : rows.length
  }
  let total = 0
  for (const row of rows) {
    const value = next(expression.terme, row)
    if (typeof value === 'number') total += value
  }
  return exact(total)
}

function bracket(scale: ValeurParametre | null, value: Resultat): Resultat {
  if (!Array.isArray(scale) || typeof value !== 'number') return null
  const found = (scale as readonly Tranche[]).find(({ jusqua }) => jusqua === null || value <= jusqua)
  return found ? found.montant : null
}

const isEmpty = (value: Resultat): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0)

function apply(op: Operateur, values: readonly Resultat[]): Resultat {
  const [a = null, b = null, c = null] = values
  if (op === 'est_vide') return isEmpty(a)
  if (op === 'n_est_pas_vide') return !isEmpty(a)
  if (op === 'et') return values.includes(false) ? false : values.every(value => value === true) ? true : null
  if (op === 'ou') return values.includes(true) ? true : values.every(value => value === false) ? false : null
  if (op === 'non') return typeof a === 'boolean' ? !a : null
  if (op === 'si') return a === true ? b : a === false ? c : null
  if (op === 'taille') return Array.isArray(a) ? a.length : a === null ? 0 : null
  if (values.some(isEmpty)) return null
  if (op === 'contient' || op === 'ne_contient_pas') {
    const found = contains(a, b)
    return found === null ? null : (op === 'contient') === found
  }
  if (op === '+') return values.every(value => typeof value === 'number') ? exact(values.reduce((sum, value) => sum + value, 0)) : null
  if (typeof a === 'number' && typeof b === 'number' && (op === '-' || op === '*' || op === '/')) return arithmetic(op, a, b)
  if (typeof a === 'string' && (typeof b === 'number' || op === 'age')) return onDate(op, a, b)
  return compare(op, a, b)
}

function contains(container: Resultat, item: Resultat): boolean | null {
  if (typeof item !== 'string') return null
  if (Array.isArray(container)) return container.some(text => fold(text) === fold(item))
  return typeof container === 'string' ? fold(container).includes(fold(item)) : null
}

function arithmetic(op: '-' | '*' | '/', a: number, b: number): Resultat {
  if (op === '-') return exact(a - b)
  if (op === '*') return exact(a * b)
  return b === 0 ? null : exact(a / b)
}

// Nine decimals: more than any amount or measure needs, and 0,1 + 0,2 is 0,3.
function exact(value: number): number | null {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return null
  const rounded = Math.abs(value) < 1e6 ? Math.round(value * 1e9) / 1e9 : value
  return rounded === 0 ? 0 : rounded
}

function onDate(op: Operateur, day: string, other: Resultat): Resultat {
  if (op === 'age') return typeof other === 'string' ? ageAt(day, other) : null
  if (typeof other !== 'number') return null
  if (op === 'plus_jours') return addDays(day, other)
  if (op === 'moins_jours') return addDays(day, -other)
  if (op === 'plus_mois') return addMonths(day, other)
  if (op === 'moins_mois') return addMonths(day, -other)
  if (op === 'plus_annees') return addMonths(day, other * 12)
  return op === 'moins_annees' ? addMonths(day, -other * 12) : null
}

function compare(op: Operateur, a: Resultat, b: Resultat): boolean | null {
  if (typeof a !== typeof b || Array.isArray(a) || Array.isArray(b)) return null
  const [x, y] = typeof a === 'string' && typeof b === 'string' ? [fold(a), fold(b)] : [a, b]
  if (x === null || y === null) return null
  if (op === '=') return x === y
  if (op === '!=') return x !== y
  if (typeof x === 'boolean') return null
  if (op === '<') return x < y
  if (op === '<=') return x <= y
  if (op === '>') return x > y
  return op === '>=' ? x >= y : null
}
