import { longDate } from './dates.ts'
import { type Expression, maxDepth, type Operateur, type ProprieteCommune } from './expression.ts'
import { natureDe } from './expression-check.ts'
import { type Formulaire, indexDe } from './formulaire.ts'
import { formatMontant, formatNumber } from './saisie.ts'
import type { Champ } from './types/index.ts'

const proprietes: Record<ProprieteCommune, string> = {
  nom: 'le nom de la commune',
  insee: 'le code INSEE de la commune',
  epci: 'l’intercommunalité de la commune',
  departement: 'le département de la commune',
  region: 'la région de la commune',
  population: 'la population de la commune',
}

const comparaisons: Partial<Record<Operateur, readonly [general: string, date: string]>> = {
  '=': ['est', 'est'],
  '!=': ['n’est pas', 'n’est pas'],
  '<': ['est inférieur à', 'est avant'],
  '<=': ['est inférieur ou égal à', 'est au plus tard'],
  '>': ['est supérieur à', 'est après'],
  '>=': ['est supérieur ou égal à', 'est au plus tôt'],
  contient: ['contient', 'contient'],
  ne_contient_pas: ['ne contient pas', 'ne contient pas'],
}

const calculs: Partial<Record<Operateur, string>> = { '+': ' + ', '-': ' − ', '*': ' × ', '/': ' ÷ ' }

const durees: Partial<Record<Operateur, readonly [unit: string, side: string]>> = {
  plus_jours: ['jours', 'après'],
  plus_mois: ['mois', 'après'],
  plus_annees: ['ans', 'après'],
  moins_jours: ['jours', 'avant'],
  moins_mois: ['mois', 'avant'],
  moins_annees: ['ans', 'avant'],
}

/** An expression as a French sentence, without capital nor full stop: « « Allergie » est Oui et « Âge » est inférieur à 12 ». */
export function phrase(expression: Expression, formulaire: Formulaire): string {
  const say = (term: Expression | undefined, depth: number): string => (term && depth <= maxDepth ? sentence(term, depth) : '…')

  function sentence(term: Expression, depth: number): string {
    const inner = (part: Expression | undefined) => say(part, depth + 1)
    if ('champ' in term) return `« ${libelle(term.champ)} »`
    if ('constante' in term) return constant(term.constante)
    if ('date' in term) return `le ${longDate(term.date)}`
    if ('montant' in term) return formatMontant(term.montant)
    if ('aujourdhui' in term) return 'aujourd’hui'
    if ('commune' in term) return proprietes[term.commune]
    if ('repetition' in term) {
      const plural = indexDe(formulaire).etapes.get(term.repetition)?.repetition?.nom.pluriel ?? term.repetition
      if (term.op === 'somme') return `la somme, pour les ${plural}, de ${inner(term.terme)}`
      return term.si ? `le nombre ${de(plural)} pour qui ${inner(term.si)}` : `le nombre ${de(plural)}`
    }
    if ('op' in term && term.op === 'bareme') return `le montant du barème « ${nomDuParametre(term.parametre)} » pour ${inner(term.terme)}`
    if ('parametre' in term) return `« ${nomDuParametre(term.parametre)} »`
    return operation(term, inner)
  }

  function operation(
    term: Extract<Expression, { termes: readonly Expression[] }>,
    inner: (part: Expression | undefined) => string,
  ): string {
    const { op, termes } = term
    const [a, b, c] = termes
    if (!a) return '…'
    if (op === 'et' || op === 'ou') return termes.map(part => grouped(part, op, inner)).join(op === 'et' ? ' et ' : ' ou ')
    if (op === 'non') return `il n’est pas vrai que ${condition(a, inner)}`
    if (op === 'si') return `si ${condition(a, inner)}, ${inner(b)}, sinon ${inner(c)}`
    if (op === 'est_vide') return `${inner(a)} n’est pas rempli`
    if (op === 'n_est_pas_vide') return `${inner(a)} est rempli`
    if (op === 'taille') return `le nombre de réponses à ${inner(a)}`
    if (op === 'age') return `l’âge, depuis ${inner(a)}, atteint à la date suivante : ${inner(b)}`
    const duration = durees[op]
    if (duration) return `${inner(b)} ${duration[0]} ${duration[1]} ${inner(a)}`
    const sign = calculs[op]
    if (sign)
      return termes.map(part => ('op' in part && 'termes' in part && calculs[part.op] ? `(${inner(part)})` : inner(part))).join(sign)
    const words = comparaisons[op]?.[a && natureDe(a, { formulaire }) === 'date' ? 1 : 0] ?? op
    return `${inner(a)} ${words} ${option(a, b) ?? inner(b)}`
  }

  /** A constant compared with a choice is said by the label of the option. */
  function option(field: Expression | undefined, constante: Expression | undefined): string | null {
    if (!field || !constante || !('champ' in field) || !('constante' in constante)) return null
    const champ: Champ | undefined = indexDe(formulaire).champs.get(field.champ)?.champ
    if (champ?.type !== 'choix' && champ?.type !== 'choix_multiple') return null
    const found = champ.options.find(({ id }) => id === constante.constante)
    return found ? `« ${found.libelle} »` : null
  }

  const libelle = (id: string) => indexDe(formulaire).champs.get(id)?.champ.libelle ?? id
  const nomDuParametre = (id: string) => formulaire.parametres?.find(parametre => parametre.id === id)?.libelle ?? id
  return say(expression, 0)
}

/** « de », or « d’ » before a vowel. */
const de = (noun: string): string => (/^[aeiouyàâéèêëîïôöûü]/i.test(noun) ? `d’${noun}` : `de ${noun}`)

/** A condition as a clause: a bare question answered by yes or no is said with its answer. */
const condition = (part: Expression | undefined, inner: (part: Expression | undefined) => string): string =>
  part && 'champ' in part ? `${inner(part)} est Oui` : inner(part)

const grouped = (part: Expression, within: Operateur, inner: (part: Expression | undefined) => string): string =>
  'op' in part && (part.op === 'et' || part.op === 'ou') && part.op !== within ? `(${inner(part)})` : condition(part, inner)

function constant(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'Oui' : 'Non'
  return typeof value === 'number' ? formatNumber(value) : `« ${value} »`
}
