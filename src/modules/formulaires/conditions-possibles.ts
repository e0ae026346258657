import { type Expression, maxDepth, type Operateur } from './expression.ts'
import { codesDe } from './expression-check.ts'
import { type Formulaire, indexDe } from './formulaire.ts'
import { fold } from './saisie.ts'

type Scalaire = string | number | boolean

/** One thing that a condition asks of one answer. `vide` apart, all ask that there be one. */
type Test =
  | { readonly sens: 'vide' | 'rempli' }
  | { readonly sens: 'parmi' | 'hors'; readonly valeurs: readonly Scalaire[] }
  | { readonly sens: 'plus' | 'moins'; readonly borne: string | number; readonly stricte: boolean }
type Borne = Extract<Test, { borne: string | number }>

interface Fait {
  readonly champ: string
  readonly propriete: string | undefined
  readonly test: Test
}

/** The ways in which a condition may hold: each is a list of facts that hold together. */
type Alternatives = readonly (readonly Fait[])[]

// Beyond this a condition is believed possible: the check must stay fast, and never refuse what could hold.
const maxAlternatives = 64

/**
 * The answer whose conditions contradict each other when all these conditions can never hold together; null when they may. Simple cases are found:
 * two values for one answer, an empty interval of numbers or days, every option excluded, an answer both empty and compared, and an answer that its own
 * conditions hide at that moment.
 */
export function contradiction(conditions: readonly Expression[], formulaire: Formulaire): string | null {
  let first: string | null = null
  const all = alternatives({ op: 'et', termes: conditions }, true, 0)
  if (!all) return null
  for (const faits of all) {
    const complete = withVisibility(faits, formulaire)
    const wrong = complete.map(some => contradicted(some, formulaire))
    // One way that holds is enough.
    if (wrong.includes(null)) return null
    first ??= wrong[0] ?? faits[0]?.champ ?? ''
  }
  return first ?? ''
}

/** Null when there are too many to follow. An expression that says nothing about one answer holds always: it asks nothing. */
function alternatives(expression: Expression, wanted: boolean, depth: number): Alternatives | null {
  if (depth > maxDepth) return [[]]
  if ('constante' in expression) return typeof expression.constante !== 'boolean' || expression.constante === wanted ? [[]] : []
  if ('champ' in expression) return [[fait(expression, { sens: 'parmi', valeurs: [wanted] })]]
  if (!('termes' in expression)) return [[]]
  const { op, termes } = expression
  const inside = (term: Expression) => alternatives(term, wanted, depth + 1)
  if (op === 'non') return termes[0] ? alternatives(termes[0], !wanted, depth + 1) : [[]]
  if (op === 'et' || op === 'ou') return (op === 'et') === wanted ? together(termes.map(inside)) : oneOf(termes.map(inside))
  return [comparison(op, termes, wanted)]
}

function oneOf(parts: readonly (Alternatives | null)[]): Alternatives | null {
  const all = parts.flatMap(part => part ?? [[]])
  return all.length > maxAlternatives ? null : all
}

function together(parts: readonly (Alternatives | null)[]): Alternatives | null {
  let all: Alternatives = [[]]
  // A part that was not followed asks nothing: what is left may still contradict itself.
  for (const part of parts) {
    if (!part) continue
    if (all.length * part.length > maxAlternatives) return null
    all = all.flatMap(before => part.map(more => [...before, ...more]))
  }
  return all
}

const fait = ({ champ, propriete }: Extract<Expression, { champ: string }>, test: Test): Fait => ({ champ, propriete, test })

const inverses: Partial<Record<Operateur, Operateur>> = { '=': '!=', '!=': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' }
const tournees: Partial<Record<Operateur, Operateur>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=', '!=': '!=' }

/** What a comparison says of the answers it reads. */
function comparison(op: Operateur, termes: readonly Expression[], wanted: boolean): readonly Fait[] {
  const [a, b] = termes
  if (!a) return []
  if (op === 'est_vide' || op === 'n_est_pas_vide')
    return 'champ' in a && a.propriete === undefined ? [fait(a, { sens: (op === 'est_vide') === wanted ? 'vide' : 'rempli' })] : []
  if (op === 'dans' && 'champ' in a) {
    const valeurs = termes.slice(1).map(constante)
    return valeurs.includes(null)
      ? [fait(a, { sens: 'rempli' })]
      : [fait(a, { sens: wanted ? 'parmi' : 'hors', valeurs: valeurs as Scalaire[] })]
  }
  const read = termes.flatMap(term => ('champ' in term ? [fait(term, { sens: 'rempli' })] : []))
  const effective = wanted ? op : inverses[op]
  if (!b || !effective) return op in tournees || op === 'contient' || op === 'ne_contient_pas' || op === 'commence_par' ? read : []
  const turned = 'champ' in a ? effective : tournees[effective]
  const [field, constant] = 'champ' in a ? [a, constante(b)] : 'champ' in b ? [b, constante(a)] : [null, null]
  const test = constant === null || !turned ? null : testOf(turned, constant)
  return field && test ? [fait(field, test)] : read
}

function testOf(op: Operateur, valeur: Scalaire): Test | null {
  if (op === '=' || op === '!=') return { sens: op === '=' ? 'parmi' : 'hors', valeurs: [valeur] }
  if (typeof valeur === 'boolean') return null
  return { sens: op.startsWith('<') ? 'moins' : 'plus', borne: valeur, stricte: op.length === 1 }
}

/** A constant as answers are compared: texts without accents nor case. */
function constante(term: Expression): Scalaire | null {
  if ('date' in term) return term.date
  if ('montant' in term) return term.montant
  if (!('constante' in term)) return null
  return typeof term.constante === 'string' ? fold(term.constante) : term.constante
}

/** Adds what must hold for the answers read to be there: the conditions of their fields, and so on up. */
function withVisibility(faits: readonly Fait[], formulaire: Formulaire): Alternatives {
  let all: Alternatives = [faits]
  const seen = new Set<string>()
  const pending = faits.filter(({ test }) => test.sens !== 'vide').map(({ champ }) => champ)
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const place = indexDe(formulaire).champs.get(id)
    if (!place || seen.has(id)) continue
    seen.add(id)
    const conditions = [...(place.etape.visibleSi ? [place.etape.visibleSi] : []), ...place.conditions]
    const own = conditions.length > 0 ? alternatives({ op: 'et', termes: conditions }, true, 0) : null
    if (!own) continue
    const next = together([all, own])
    if (!next) return all
    all = next
    // Only what every way of showing it reads is sure to be there: with a single way, go on up.
    if (own.length === 1) pending.push(...own[0]!.filter(({ test }) => test.sens !== 'vide').map(({ champ }) => champ))
  }
  return all
}

/** The answer about which these facts contradict each other, null when there is none. */
function contradicted(faits: readonly Fait[], formulaire: Formulaire): string | null {
  const byAnswer = Map.groupBy(faits, ({ champ, propriete }) => `${champ} ${propriete ?? ''}`)
  for (const [, group] of byAnswer) {
    const [{ champ, propriete }] = group as [Fait]
    const tests = [...group.map(({ test }) => test), ...(propriete === undefined ? definitionBounds(champ, formulaire) : [])]
    if (!isPossible(tests, domain(champ, propriete, formulaire))) return champ
  }
  const empty = new Set(faits.filter(({ test }) => test.sens === 'vide').map(({ champ }) => champ))
  return faits.find(({ champ, test }) => test.sens !== 'vide' && empty.has(champ))?.champ ?? null
}

function isPossible(tests: readonly Test[], known: readonly Scalaire[] | null): boolean {
  const parmi = tests.flatMap(test => (test.sens === 'parmi' ? [test.valeurs] : []))
  const hors = new Set(tests.flatMap(test => (test.sens === 'hors' ? test.valeurs : [])))
  const bounds = tests.filter((test): test is Borne => test.sens === 'plus' || test.sens === 'moins')
  const candidates = parmi[0] ?? known
  if (candidates) {
    const left = candidates.filter(
      value => parmi.every(values => values.includes(value)) && !hors.has(value) && bounds.every(bound => isWithin(value, bound)),
    )
    // Without a value asked, a closed list only matters once something was excluded from it.
    return left.length > 0 || (parmi.length === 0 && hors.size === 0)
  }
  return bounds.every(low => low.sens === 'moins' || bounds.every(high => high.sens === 'plus' || crosses(low, high)))
}

function isWithin(value: Scalaire, { sens, borne, stricte }: Borne): boolean {
  if (typeof value !== typeof borne) return true
  return sens === 'plus' ? (stricte ? value > borne : value >= borne) : stricte ? value < borne : value <= borne
}

/** Whether a value lies between. */
function crosses(low: Borne, high: Borne): boolean {
  if (typeof low.borne !== typeof high.borne) return true
  return low.borne < high.borne || (low.borne === high.borne && !low.stricte && !high.stricte)
}

/** Every value that an answer may take, when they are known. A list of several answers is not one value. */
function domain(id: string, propriete: string | undefined, formulaire: Formulaire): readonly Scalaire[] | null {
  const champ = indexDe(formulaire).champs.get(id)?.champ
  if (champ?.type === 'oui_non') return [true, false]
  if (champ?.type === 'case') return [true]
  if (!champ || champ.type === 'choix_multiple') return null
  const codes = codesDe({ champ: id, ...(propriete === undefined ? {} : { propriete }) }, formulaire)
  return codes && [...codes.keys()].map(fold)
}

/** The constant bounds that the definition of a field sets to its own answers. */
function definitionBounds(id: string, formulaire: Formulaire): Test[] {
  const champ = indexDe(formulaire).champs.get(id)?.champ
  if (!champ || !('min' in champ || 'max' in champ)) return []
  const bound = (expression: Expression | undefined, sens: 'plus' | 'moins'): Test[] => {
    const value = expression && constante(expression)
    return typeof value === 'number' || typeof value === 'string' ? [{ sens, borne: value, stricte: false }] : []
  }
  return [...bound(champ.min, 'plus'), ...bound(champ.max, 'moins')]
}
