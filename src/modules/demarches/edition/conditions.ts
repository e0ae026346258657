import { dates, definitions, type Expression, type Formulaire } from '../../formulaires/index.ts'
import { same } from './same.ts'

/** A condition as a person builds it: lines joined by « toutes » or « au moins une ». */
export interface Lignes {
  readonly jonction: 'toutes' | 'une'
  readonly lignes: readonly Ligne[]
}

/** One line, as three boxes of a page give it. `champ` may name a property: `naissance.departement`. */
export interface Ligne {
  readonly champ: string
  readonly comparaison: string
  /** As typed: an option's id, « 12,50 », « 27/03/2019 ». Empty when the comparison needs none. */
  readonly valeur: string
}

/** How to type the value of a comparison. */
export type Controle = 'aucun' | 'texte' | 'nombre' | 'montant' | 'date' | 'codes'

/** A comparison that makes sense for a field. */
export interface Comparaison {
  readonly id: string
  /** « est avant le ». */
  readonly libelle: string
  readonly controle: Controle
}

/** A field, or one of its properties, on which a condition may bear. */
export interface Sujet {
  /** The id, or `id.propriete`. */
  readonly champ: string
  readonly libelle: string
  readonly comparaisons: readonly Comparaison[]
  /** The values to choose among, with their names, for the control `codes`. */
  readonly codes: ReadonlyMap<string, string> | null
}

type Champ = definitions.Champ
type Nature = definitions.Nature

const comparaison = (id: string, libelle: string, controle: Controle): Comparaison => ({ id, libelle, controle })
const remplie = [comparaison('n_est_pas_vide', 'est remplie', 'aucun'), comparaison('est_vide', 'n’est pas remplie', 'aucun')]

const nombres = (controle: Controle): Comparaison[] => [
  comparaison('=', 'est égal à', controle),
  comparaison('!=', 'n’est pas égal à', controle),
  comparaison('>=', 'est au moins', controle),
  comparaison('>', 'est plus de', controle),
  comparaison('<=', 'est au plus', controle),
  comparaison('<', 'est moins de', controle),
  ...remplie,
]

const parNature: Readonly<Record<Nature, readonly Comparaison[]>> = {
  texte: [
    comparaison('=', 'est', 'texte'),
    comparaison('!=', 'n’est pas', 'texte'),
    comparaison('contient', 'contient', 'texte'),
    comparaison('ne_contient_pas', 'ne contient pas', 'texte'),
    comparaison('commence_par', 'commence par', 'texte'),
    ...remplie,
  ],
  nombre: nombres('nombre'),
  montant: nombres('montant'),
  date: [
    comparaison('=', 'est le', 'date'),
    comparaison('<', 'est avant le', 'date'),
    comparaison('<=', 'est au plus tard le', 'date'),
    comparaison('>', 'est après le', 'date'),
    comparaison('>=', 'est au plus tôt le', 'date'),
    comparaison('age>=', 'donne, aujourd’hui, un âge d’au moins (ans)', 'nombre'),
    comparaison('age<', 'donne, aujourd’hui, un âge de moins de (ans)', 'nombre'),
    ...remplie,
  ],
  booleen: [comparaison('oui', 'est Oui', 'aucun'), comparaison('non', 'est Non', 'aucun'), ...remplie],
  liste: [
    comparaison('contient', 'comprend', 'texte'),
    comparaison('ne_contient_pas', 'ne comprend pas', 'texte'),
    comparaison('taille>=', 'a un nombre de réponses d’au moins', 'nombre'),
    ...remplie,
  ],
}

/** The subjects of a field: itself, then its properties (the département of a commune). Empty for a text to read. */
export function sujetsDe(champ: Champ): Sujet[] {
  const type = definitions.typeDe(champ)
  const nature = type.nature(champ)
  if (!nature) return []
  const codes = type.codes?.(champ) ?? null
  const whole: Sujet = { champ: champ.id, libelle: champ.libelle, comparaisons: comparaisonsDe(nature, codes !== null), codes }
  const properties = Object.entries(type.proprietes?.(champ) ?? {}).map(([name, kind]): Sujet => {
    const known = type.codes?.(champ, name) ?? null
    const subject: Expression = { champ: champ.id, propriete: name }
    const libelle = definitions.phrase(subject, { etapes: [{ id: 'e', titre: 'e', champs: [champ] }] })
    return { champ: `${champ.id}.${name}`, libelle, comparaisons: comparaisonsDe(kind, known !== null), codes: known }
  })
  return [whole, ...properties]
}

/** The comparisons that make sense for a field. */
export const comparaisonsPour = (champ: Champ): readonly Comparaison[] => sujetsDe(champ)[0]?.comparaisons ?? []

// A field that only takes known values is compared with one of them, never with part of a text.
const comparaisonsDe = (nature: Nature, hasCodes: boolean): Comparaison[] =>
  parNature[nature]
    .filter(({ id }) => !hasCodes || nature === 'liste' || !['contient', 'ne_contient_pas', 'commence_par'].includes(id))
    .map(one => (hasCodes && one.controle === 'texte' ? { ...one, controle: 'codes' } : one))

/** What lines make, or the line at fault (from 0) and a sentence. Null lines: no condition. */
export type Lecture =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly ligne: number; readonly message: string }

/** The expression that lines say: twenty lines at most, each on a field of the form. */
export function enExpression({ jonction, lignes }: Lignes, formulaire: Formulaire): Lecture {
  if (lignes.length === 0) return { ok: false, ligne: 0, message: 'Ajoutez une ligne à la condition.' }
  if (lignes.length > 20) return { ok: false, ligne: 20, message: 'Vingt lignes au plus.' }
  const termes: Expression[] = []
  for (const [rank, ligne] of lignes.entries()) {
    const read = lireLigne(ligne, formulaire)
    if (typeof read === 'string') return { ok: false, ligne: rank, message: read }
    termes.push(read)
  }
  const [only] = termes
  return { ok: true, expression: termes.length === 1 && only ? only : { op: jonction === 'toutes' ? 'et' : 'ou', termes } }
}

/** The lines of an expression when it has that simple shape; null when it says more than lines can. */
export function enLignes(expression: Expression, formulaire: Formulaire): Lignes | null {
  const isJoined = 'termes' in expression && (expression.op === 'et' || expression.op === 'ou') && expression.termes.length > 1
  const termes = isJoined ? expression.termes : [expression]
  const lignes = termes.flatMap(terme => enLigne(terme, formulaire) ?? [])
  const found: Lignes = { jonction: isJoined && expression.op === 'ou' ? 'une' : 'toutes', lignes }
  if (lignes.length < termes.length) return null
  // Only what the lines give back whole may be edited as lines: nothing of a richer condition is dropped by looking at it.
  const again = enExpression(found, formulaire)
  return again.ok && same(again.expression, expression) ? found : null
}

function sujet(name: string, formulaire: Formulaire): Sujet | undefined {
  const champ = definitions.indexDe(formulaire).champs.get(name.split('.')[0] ?? '')?.champ
  return champ && sujetsDe(champ).find(one => one.champ === name)
}

function lireLigne(ligne: Ligne, formulaire: Formulaire): Expression | string {
  const found = sujet(ligne.champ, formulaire)
  if (!found) return 'Choisissez une question.'
  const known = found.comparaisons.find(({ id }) => id === ligne.comparaison)
  if (!known) return `Choisissez une comparaison pour « ${found.libelle} ».`
  const [id = '', propriete] = ligne.champ.split('.')
  const field: Expression = propriete === undefined ? { champ: id } : { champ: id, propriete }
  if (known.controle === 'aucun') {
    if (known.id === 'oui' || known.id === 'non') return { op: '=', termes: [field, { constante: known.id === 'oui' }] }
    return { op: known.id === 'est_vide' ? 'est_vide' : 'n_est_pas_vide', termes: [field] }
  }
  const value = lireValeur(ligne.valeur, known.controle, found)
  if (typeof value === 'string') return value
  if (known.id.startsWith('age'))
    return { op: known.id === 'age<' ? '<' : '>=', termes: [{ op: 'age', termes: [field, { aujourdhui: true }] }, value] }
  if (known.id === 'taille>=') return { op: '>=', termes: [{ op: 'taille', termes: [field] }, value] }
  return { op: known.id as '=', termes: [field, value] }
}

const box = { id: 'valeur', libelle: 'Valeur' } as const

/** A typed value as a constant, read as people would type it in a form. */
function lireValeur(typed: string, controle: Controle, { libelle, codes }: Sujet): Expression | string {
  const text = typed.trim()
  if (text === '') return `Donnez une valeur pour « ${libelle} ».`
  if (controle === 'codes') return codes?.has(text) ? { constante: text } : `Choisissez une des réponses de « ${libelle} ».`
  if (controle === 'texte') return text.length > 200 ? '200 caractères au plus.' : { constante: text }
  const champ: Champ =
    controle === 'date'
      ? { ...box, type: 'date' }
      : controle === 'montant'
        ? { ...box, type: 'montant' }
        : { ...box, type: 'decimal', decimales: 6 }
  const read = definitions.typeDe(champ).lire(champ, { valeur: text, 'valeur-jour': text }, portee)
  if (!read.ok || read.valeur === null) return read.ok ? `Donnez une valeur pour « ${libelle} ».` : read.message
  if (controle === 'date') return { date: String(read.valeur) }
  return controle === 'montant' ? { montant: Number(read.valeur) } : { constante: Number(read.valeur) }
}

// Years of two figures are those around 2000; nothing else of a scope is read here.
const portee = {
  aujourdhui: '2000-01-01',
  commune: { nom: '', insee: '', epci: '', departement: '', region: '', population: 0 },
  parametres: {},
  champ: () => null,
  lignes: () => [],
}

function enLigne(terme: Expression, formulaire: Formulaire): Ligne | null {
  if (!('termes' in terme)) return null
  const [left, right] = terme.termes
  if (!left) return null
  const inner = 'termes' in left && (left.op === 'age' || left.op === 'taille') ? left : null
  const field = inner ? inner.termes[0] : left
  if (!field || !('champ' in field)) return null
  const champ = field.propriete === undefined ? field.champ : `${field.champ}.${field.propriete}`
  if (!right) return { champ, comparaison: terme.op, valeur: '' }
  if (inner) return { champ, comparaison: `${inner.op}${terme.op}`, valeur: direConstante(right) ?? '' }
  if ('constante' in right && typeof right.constante === 'boolean')
    return { champ, comparaison: right.constante ? 'oui' : 'non', valeur: '' }
  const valeur = direConstante(right)
  return valeur === null || !sujet(champ, formulaire) ? null : { champ, comparaison: terme.op, valeur }
}

/** A constant as it would be typed; null for what is computed. */
function direConstante(term: Expression): string | null {
  if ('date' in term) return dates.isDay(term.date) ? term.date.split('-').reverse().join('/') : null
  if ('montant' in term) return ungrouped(term.montant / 100)
  if (!('constante' in term) || typeof term.constante === 'boolean') return null
  return typeof term.constante === 'number' ? ungrouped(term.constante) : term.constante
}

const plain = new Intl.NumberFormat('fr-FR', { useGrouping: false, maximumFractionDigits: 6 })
const ungrouped = (value: number): string => plain.format(value)
