import { addDays, addMonths, ageAt } from './dates.ts'
import { type Expression, maxDepth, type Operateur, type Portee, type Resultat, type Tranche, type ValeurParametre } from './expression.ts'
import { fold } from './saisie.ts'

/** An expression made ready: what it gives in a scope. */
type Calcul = (portee: Portee) => Resultat

// Made once per expression of a definition, which never changes: reading the tree again at each page cost three times the evaluation.
const prepared = new WeakMap<object, Calcul>()

/**
 * The value of an expression. Total: it never throws, and what has no sense (empty term, wrong type, division by zero,
 * day out of the calendar) is empty. Conditions follow three values: an empty comparison is neither true nor false, so
 * that `non` of it is not true either. The expression must not be changed afterwards.
 */
export function evaluate(expression: Expression, portee: Portee): Resultat {
  if (expression === null || typeof expression !== 'object') return null
  const known = prepared.get(expression)
  if (known) return known(portee)
  const calcul = prepare(expression, 0)
  prepared.set(expression, calcul)
  return calcul(portee)
}

/** Whether a condition holds: an undecided one does not. Without condition, true. */
export const holds = (condition: Expression | undefined, portee: Portee): boolean =>
  condition === undefined || evaluate(condition, portee) === true

const rien: Calcul = () => null

function prepare(expression: Expression, depth: number): Calcul {
  if (depth > maxDepth || expression === null || typeof expression !== 'object') return rien
  const next = (term: Expression) => prepare(term, depth + 1)
  if ('champ' in expression) {
    const { champ, propriete } = expression
    return portee => portee.champ(champ, propriete)
  }
  if ('constante' in expression) return constant(finite(expression.constante))
  if ('date' in expression) return constant(expression.date)
  if ('montant' in expression) return constant(expression.montant)
  if ('aujourdhui' in expression) return portee => portee.aujourdhui
  if ('commune' in expression) return portee => finite(portee.commune[expression.commune] ?? null)
  if ('parametre' in expression && !('op' in expression)) {
    return portee => {
      const value = parametreOf(portee, expression.parametre)
      return typeof value === 'object' ? null : value
    }
  }
  if ('repetition' in expression) return overRows(expression, next)
  if ('parametre' in expression) {
    const terme = next(expression.terme)
    return portee => bracket(parametreOf(portee, expression.parametre), terme(portee))
  }
  return 'termes' in expression && Array.isArray(expression.termes) ? operation(expression.op, expression.termes, next) : rien
}

const constant =
  (value: Resultat): Calcul =>
  () =>
    value

const finite = (value: Resultat): Resultat => (typeof value === 'number' && !Number.isFinite(value) ? null : value)

const parametreOf = (portee: Portee, id: string): ValeurParametre | null =>
  Object.hasOwn(portee.parametres, id) ? (portee.parametres[id] ?? null) : null

function overRows(expression: Extract<Expression, { repetition: string }>, next: (term: Expression) => Calcul): Calcul {
  const { repetition } = expression
  if (expression.op === 'nombre') {
    const si = expression.si && next(expression.si)
    return portee => {
      const rows = portee.lignes(repetition)
      return si ? rows.filter(row => si(row) === true).length : rows.length
    }
  }
  const terme = next(expression.terme)
  const { op } = expression
  return portee => {
    const values = portee.lignes(repetition).map(terme)
    if (op === 'somme') return exact(values.reduce((sum: number, value) => (typeof value === 'number' ? sum + value : sum), 0))
    return extreme(values, op === 'minimum')
  }
}

/** The least or the greatest of numbers or of days; empty without any. */
function extreme(values: readonly Resultat[], isLeast: boolean): Resultat {
  const first = values.find(value => typeof value === 'number' || typeof value === 'string')
  const alike = values.filter(value => typeof value === typeof first) as (number | string)[]
  if (first === undefined || first === null) return null
  return alike.reduce((best, value) => (value < best === isLeast ? value : best))
}

function bracket(scale: ValeurParametre | null, value: Resultat): Resultat {
  if (!Array.isArray(scale) || typeof value !== 'number') return null
  const found = (scale as readonly Tranche[]).find(({ jusqua }) => jusqua === null || value <= jusqua)
  return found ? found.montant : null
}

const isEmpty = (value: Resultat): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0)

function operation(op: Operateur, termes: readonly Expression[], next: (term: Expression) => Calcul): Calcul {
  const all = termes.map(next)
  const [a = rien, b = rien, c = rien] = all
  if (op === 'et') return every(all, false)
  if (op === 'ou') return every(all, true)
  if (op === 'non') {
    return portee => {
      const value = a(portee)
      return typeof value === 'boolean' ? !value : null
    }
  }
  if (op === 'si') {
    return portee => {
      const value = a(portee)
      return value === true ? b(portee) : value === false ? c(portee) : null
    }
  }
  if (op === 'est_vide' || op === 'n_est_pas_vide') return emptiness(op, termes[0], a)
  if (op === 'taille') {
    return portee => {
      const value = a(portee)
      return Array.isArray(value) ? value.length : value === null ? 0 : null
    }
  }
  if (all.length === 2) {
    return portee => {
      const x = a(portee)
      const y = b(portee)
      return isEmpty(x) || isEmpty(y) ? null : binary(op, x, y)
    }
  }
  return portee => {
    const values = all.map(calcul => calcul(portee))
    return values.some(isEmpty) ? null : several(op, values)
  }
}

/** `et` (ends on false) and `ou` (ends on true); undecided when no term ends it and one is empty. */
function every(all: readonly Calcul[], end: boolean): Calcul {
  return portee => {
    let result: boolean | null = !end
    for (const calcul of all) {
      const value = calcul(portee)
      if (value === end) return end
      if (value !== !end) result = null
    }
    return result
  }
}

/** A field whose answer is not known yet is neither empty nor filled. */
function emptiness(op: Operateur, term: Expression | undefined, a: Calcul): Calcul {
  const champ = term !== null && typeof term === 'object' && 'champ' in term ? term.champ : null
  return portee => {
    if (champ !== null && portee.inconnus?.has(champ)) return null
    return isEmpty(a(portee)) === (op === 'est_vide')
  }
}

function several(op: Operateur, values: readonly Resultat[]): Resultat {
  const [a = null] = values
  if (op === 'longueur') return typeof a === 'string' ? [...a].length : null
  if (op === 'dans') return among(a, values.slice(1))
  if (op === '+') return values.every(value => typeof value === 'number') ? exact(values.reduce((sum, value) => sum + value, 0)) : null
  return null
}

function binary(op: Operateur, a: Resultat, b: Resultat): Resultat {
  if (op === 'dans' || op === '+') return several(op, [a, b])
  if (op === 'contient' || op === 'ne_contient_pas') {
    const found = contains(a, b)
    return found === null ? null : (op === 'contient') === found
  }
  if (op === 'commence_par') return typeof a === 'string' && typeof b === 'string' ? fold(a).startsWith(fold(b)) : null
  if (typeof a === 'number' && typeof b === 'number' && (op === '-' || op === '*' || op === '/')) return arithmetic(op, a, b)
  if (typeof a === 'string' && (typeof b === 'number' || op === 'age')) return onDate(op, a, b)
  return compare(op, a, b)
}

/** Undecided only when none is equal and one cannot be compared. */
function among(value: Resultat, others: readonly Resultat[]): boolean | null {
  const equal = others.map(other => compare('=', value, other))
  return equal.includes(true) ? true : equal.includes(null) ? null : false
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
