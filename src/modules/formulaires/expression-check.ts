import { type Expression, maxDepth, operateurs, termesDe } from './expression.ts'
import { type Formulaire, indexDe } from './formulaire.ts'
import { natureDuParametre } from './parametre.ts'
import { typeDe } from './types/index.ts'
import { codesDuLieu } from './types/listes.ts'
import type { Nature } from './types/type-de-champ.ts'

/** Where an expression stands: the form, and the repeated étape whose row it sees. */
export interface Lieu {
  readonly formulaire: Formulaire
  readonly repetition?: string | undefined
}

/**
 * What is wrong with an expression that should give a value of some nature; empty when it is sound. Each problem is a French
 * sentence that names the field, the setting or the operator at fault.
 */
export function checkExpression(expression: Expression, lieu: Lieu, attendue: Nature): string[] {
  if (tooDeep(expression)) return [`expression trop profonde (${maxDepth} niveaux au plus)`]
  const problems: string[] = []
  const found = natureOf(expression, lieu, problems)
  if (problems.length === 0 && found !== attendue) problems.push(`donne ${noms[found ?? 'rien']} au lieu de ${noms[attendue]}`)
  return problems
}

/** Nature of the value of an expression, null when it has none; null and no problem for an expression already found wrong. */
export function natureDe(expression: Expression, lieu: Lieu): Nature | null {
  return tooDeep(expression) ? null : natureOf(expression, lieu, [])
}

/** Ids that an expression reads: fields, and repeated étapes. */
export function lecturesDe(expression: Expression): { champs: string[]; etapes: string[] } {
  const champs = new Set<string>()
  const etapes = new Set<string>()
  const visit = (term: Expression, depth: number): void => {
    if (depth > maxDepth) return
    if ('champ' in term) champs.add(term.champ)
    if ('repetition' in term) etapes.add(term.repetition)
    for (const inner of termesDe(term)) visit(inner, depth + 1)
  }
  visit(expression, 0)
  return { champs: [...champs], etapes: [...etapes] }
}

const noms: Record<Nature | 'rien', string> = {
  texte: 'un texte',
  nombre: 'un nombre',
  montant: 'un montant',
  date: 'une date',
  booleen: 'oui ou non',
  liste: 'une liste',
  rien: 'rien',
}

function tooDeep(expression: Expression): boolean {
  let level: readonly Expression[] = [expression]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true
    level = level.flatMap(termesDe)
  }
  return false
}

function natureOf(expression: Expression, lieu: Lieu, problems: string[]): Nature | null {
  if ('champ' in expression) return natureOfField(expression, lieu, problems)
  if ('constante' in expression)
    return typeof expression.constante === 'number' ? 'nombre' : typeof expression.constante === 'boolean' ? 'booleen' : 'texte'
  if ('date' in expression || 'aujourdhui' in expression) return 'date'
  if ('montant' in expression) return 'montant'
  if ('commune' in expression) return expression.commune === 'population' ? 'nombre' : 'texte'
  if ('repetition' in expression) return natureOverRows(expression, lieu, problems)
  if ('op' in expression && expression.op === 'bareme') return natureOfScale(expression, lieu, problems)
  if ('parametre' in expression) {
    const found = lieu.formulaire.parametres?.find(({ id }) => id === expression.parametre)
    const nature = found ? natureDuParametre(found) : null
    if (!nature)
      problems.push(
        found ? `le barème « ${expression.parametre} » se lit avec « bareme »` : `paramètre inconnu « ${expression.parametre} »`,
      )
    return nature
  }
  return natureOfOperation(expression, lieu, problems)
}

function natureOfField({ champ: id, propriete }: Extract<Expression, { champ: string }>, lieu: Lieu, problems: string[]): Nature | null {
  const found = indexDe(lieu.formulaire).champs.get(id)
  if (!found) problems.push(`champ inconnu « ${id} »`)
  else if (found.etape.repetition && found.etape.id !== lieu.repetition)
    problems.push(`le champ « ${id} » se répète : utilisez « nombre » ou « somme » sur « ${found.etape.id} »`)
  else {
    const type = typeDe(found.champ)
    if (propriete !== undefined) {
      const known = type.proprietes?.(found.champ) ?? {}
      const nature = Object.hasOwn(known, propriete) ? known[propriete] : undefined
      if (!nature) problems.push(`le champ « ${id} » n’a pas de propriété « ${propriete} »`)
      return nature ?? null
    }
    const nature = type.nature(found.champ)
    if (!nature) problems.push(`le champ « ${id} » n’a pas de valeur`)
    return nature
  }
  return null
}

function natureOverRows(expression: Extract<Expression, { repetition: string }>, lieu: Lieu, problems: string[]): Nature | null {
  const etape = indexDe(lieu.formulaire).etapes.get(expression.repetition)
  if (!etape?.repetition) {
    problems.push(`« ${expression.repetition} » n’est pas une étape répétée`)
    return null
  }
  const inside = { ...lieu, repetition: etape.id }
  if (expression.op === 'nombre') {
    if (expression.si) expect(expression.si, ['booleen'], inside, problems, 'nombre')
    return 'nombre'
  }
  const allowed: readonly Nature[] = expression.op === 'somme' ? ['nombre', 'montant'] : ['nombre', 'montant', 'date']
  return expect(expression.terme, allowed, inside, problems, expression.op)
}

function natureOfScale(expression: Extract<Expression, { op: 'bareme' }>, lieu: Lieu, problems: string[]): Nature {
  const found = lieu.formulaire.parametres?.find(({ id }) => id === expression.parametre)
  if (found?.type !== 'bareme') problems.push(`« ${expression.parametre} » n’est pas un barème`)
  expect(expression.terme, ['nombre'], lieu, problems, 'bareme')
  return 'montant'
}

function expect(expression: Expression, allowed: readonly Nature[], lieu: Lieu, problems: string[], op: string): Nature | null {
  const before = problems.length
  const nature = natureOf(expression, lieu, problems)
  if (problems.length === before && (nature === null || !allowed.includes(nature)))
    problems.push(`« ${op} » attend ${allowed.map(name => noms[name]).join(' ou ')} et reçoit ${noms[nature ?? 'rien']}`)
  return nature
}

const comparable: readonly Nature[] = ['texte', 'nombre', 'montant', 'date', 'booleen']
const ordered: readonly Nature[] = ['nombre', 'montant', 'date']

function natureOfOperation(
  expression: Extract<Expression, { termes: readonly Expression[] }>,
  lieu: Lieu,
  problems: string[],
): Nature | null {
  const { op, termes } = expression
  const arity = operateurs[op]
  if (termes.length < arity[0] || termes.length > arity[1]) {
    problems.push(`« ${op} » prend ${arity[0] === arity[1] ? arity[0] : `${arity[0]} à ${arity[1]}`} terme(s), pas ${termes.length}`)
    return null
  }
  const [a, b] = termes
  if (!a) return null
  const term = (inner: Expression | undefined, allowed: readonly Nature[]) => (inner ? expect(inner, allowed, lieu, problems, op) : null)
  if (op === 'est_vide' || op === 'n_est_pas_vide') {
    natureOf(a, lieu, problems)
    return 'booleen'
  }
  if (op === 'et' || op === 'ou' || op === 'non') {
    for (const inner of termes) term(inner, ['booleen'])
    return 'booleen'
  }
  if (op === 'si') {
    term(a, ['booleen'])
    const natures = termes.slice(1).map(inner => natureOf(inner, lieu, problems))
    if (natures[0] !== natures[1]) problems.push('« si » donne deux natures de valeur différentes')
    return natures[0] ?? null
  }
  if (op === 'taille') {
    term(a, ['liste'])
    return 'nombre'
  }
  if (op === 'longueur') {
    term(a, ['texte'])
    return 'nombre'
  }
  if (op === 'commence_par') {
    term(a, ['texte'])
    term(b, ['texte'])
    return 'booleen'
  }
  if (op === 'contient' || op === 'ne_contient_pas') {
    term(a, ['liste', 'texte'])
    term(b, ['texte'])
    checkOption(a, b, lieu, problems)
    return 'booleen'
  }
  if (op === 'age') {
    term(a, ['date'])
    term(b, ['date'])
    return 'nombre'
  }
  if (op.startsWith('plus_') || op.startsWith('moins_')) {
    term(a, ['date'])
    term(b, ['nombre'])
    return 'date'
  }
  if (op === '*' || op === '/') return product(op, term(a, ['nombre', 'montant']), term(b, ['nombre', 'montant']), problems)
  return sameNature(expression, lieu, problems)
}

function product(op: '*' | '/', a: Nature | null, b: Nature | null, problems: string[]): Nature | null {
  if (a === 'montant' && b === 'montant') {
    if (op === '/') return 'nombre'
    problems.push('un montant ne se multiplie pas par un montant')
    return null
  }
  if (op === '/' && a === 'nombre' && b === 'montant') {
    problems.push('un nombre ne se divise pas par un montant')
    return null
  }
  return a === 'montant' || b === 'montant' ? 'montant' : 'nombre'
}

function sameNature(expression: Extract<Expression, { termes: readonly Expression[] }>, lieu: Lieu, problems: string[]): Nature | null {
  const { op, termes } = expression
  const sum = op === '+' || op === '-'
  const allowed = sum ? (['nombre', 'montant'] as const) : op === '=' || op === '!=' || op === 'dans' ? comparable : ordered
  const before = problems.length
  const natures = termes.map(inner => expect(inner, allowed, lieu, problems, op))
  if (problems.length === before && new Set(natures).size > 1)
    problems.push(`« ${op} » reçoit ${natures.map(nature => noms[nature ?? 'rien']).join(' et ')} : ils ne se comparent pas`)
  if (!sum) {
    for (const constant of termes.slice(1)) checkOption(termes[0], constant, lieu, problems)
    checkOption(termes[1], termes[0], lieu, problems)
  }
  return sum ? (natures[0] ?? null) : 'booleen'
}

/** A constant compared with a term that only takes known codes must be one of them: else the condition would never hold. */
function checkOption(term: Expression | undefined, constant: Expression | undefined, lieu: Lieu, problems: string[]): void {
  if (!term || !constant || !('constante' in constant) || typeof constant.constante !== 'string') return
  const codes = codesDe(term, lieu.formulaire)
  if (!codes || codes.has(constant.constante)) return
  const what = 'champ' in term ? `n’est pas un choix de « ${term.champ} »` : 'n’est pas un code connu'
  problems.push(`« ${constant.constante} » ${what}`)
}

/** The texts that a term may take, with their French names, when they are known: options, codes of official lists. */
export function codesDe(term: Expression, formulaire: Formulaire): ReadonlyMap<string, string> | null {
  if ('commune' in term) return codesDuLieu(term.commune)
  if (!('champ' in term)) return null
  const champ = indexDe(formulaire).champs.get(term.champ)?.champ
  return champ ? (typeDe(champ).codes?.(champ, term.propriete) ?? null) : null
}
