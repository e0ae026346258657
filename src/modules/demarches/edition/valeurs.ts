import { definitions, type Expression } from '../../formulaires/index.ts'
import type { Modele } from '../demarche.ts'
import { evenementsDeVie } from '../evenements-de-vie.ts'

type Objet = Readonly<Record<string, unknown>>

// Beyond, a sentence is no sentence any more: the page links to the text itself.
const longest = 160

/** A value of a définition as people read it. `unite`: « jours », « euros » (of an amount in cents) … */
export function direValeur(valeur: unknown, modele: Modele, unite = ''): string {
  if (valeur === undefined || valeur === null || valeur === '') return 'rien'
  if (typeof valeur === 'string') return cite(valeur)
  if (typeof valeur === 'number')
    return unite === 'euros' ? definitions.formatMontant(valeur) : withUnit(definitions.formatNumber(valeur), unite)
  if (typeof valeur === 'boolean') return valeur ? 'oui' : 'non'
  if (Array.isArray(valeur)) return valeur.map(line => direLigne(line, modele)).join(' ; ')
  const expression = expressionDe(valeur)
  return expression ? definitions.phrase(expression, modele.formulaire) : direLigne(valeur, modele)
}

/** A text between « », cut when it is long. */
export const cite = (text: string): string => `« ${text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text} »`

/** What a list gained and lost, line by line; an order changed when neither. */
export function direListe(avant: readonly unknown[], apres: readonly unknown[], a: Modele, b: Modele): string {
  const [old, fresh] = [avant.map(line => direLigne(line, a)), apres.map(line => direLigne(line, b))]
  const added = fresh.filter(line => !old.includes(line)).map(line => `ajout de ${line}`)
  const removed = old.filter(line => !fresh.includes(line)).map(line => `retrait de ${line}`)
  return [...removed, ...added].join(' ; ') || 'dans un autre ordre'
}

/** One line of a list: a text, a bracket of a scale, a condition and what it leads to, a text of law. */
function direLigne(line: unknown, modele: Modele): string {
  if (typeof line !== 'object' || line === null) return typeof line === 'string' ? cite(line) : direValeur(line, modele)
  const { jusqua, montant, expression, ...rest } = line as Objet
  if (typeof montant === 'number')
    return `${typeof jusqua === 'number' ? `jusqu’à ${definitions.formatNumber(jusqua)}` : 'au-delà'}, ${definitions.formatMontant(montant)}`
  const texts = Object.entries(rest).flatMap(([name, value]) => (typeof value === 'string' && name !== 'id' ? [cite(value)] : []))
  const condition = expressionDe(expression)
  return [...texts, ...(condition ? [`si ${definitions.phrase(condition, modele.formulaire)}`] : [])].join(', ')
}

/** A value that is an expression. */
export function expressionDe(valeur: unknown): Expression | null {
  if (typeof valeur !== 'object' || valeur === null || Array.isArray(valeur)) return null
  const parsed = definitions.schemaExpression.safeParse(valeur)
  return parsed.success ? parsed.data : null
}

/** The life event of a key, as people know it. */
export const direEvenement = (key: unknown): string =>
  typeof key === 'string' && Object.hasOwn(evenementsDeVie, key) ? cite(Reflect.get(evenementsDeVie, key)) : 'rien'

const withUnit = (text: string, unite: string): string => (unite === '' ? text : `${text}\u00a0${unite}`)
