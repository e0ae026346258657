import { longDate } from './dates.ts'
import { type Expression, maxDepth, type Operateur, type ProprieteCommune } from './expression.ts'
import { codesDe, natureDe } from './expression-check.ts'
import { type Formulaire, indexDe } from './formulaire.ts'
import { formatMontant, formatNumber } from './saisie.ts'

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
  commence_par: ['commence par', 'commence par'],
}

/** What is said instead of « il n’est pas vrai que ». */
const contraires: Partial<Record<Operateur, Operateur>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  contient: 'ne_contient_pas',
  ne_contient_pas: 'contient',
  est_vide: 'n_est_pas_vide',
  n_est_pas_vide: 'est_vide',
}

/** Properties of composed answers, with their article; another one (a column of a list) is said by its name. */
const proprietesDeChamp: Readonly<Record<string, string>> = {
  code: 'le code',
  nom: 'le nom',
  codePostal: 'le code postal',
  departement: 'le département',
  region: 'la région',
  epci: 'l’intercommunalité',
  commune: 'la commune',
  voie: 'la voie',
  heure: 'l’heure',
  choix: 'le premier choix',
  precision: 'la précision',
  cle: 'la clé',
  libelle: 'le libellé',
  lat: 'la latitude',
  lon: 'la longitude',
}

const surLesLignes = { somme: 'la somme', minimum: 'le plus petit', maximum: 'le plus grand' } as const

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
    if ('champ' in term) return field(term)
    if ('constante' in term) return constant(term.constante)
    if ('date' in term) return `le ${longDate(term.date)}`
    if ('montant' in term) return formatMontant(term.montant)
    if ('aujourdhui' in term) return 'aujourd’hui'
    if ('commune' in term) return proprietes[term.commune]
    if ('repetition' in term) {
      const plural = indexDe(formulaire).etapes.get(term.repetition)?.repetition?.nom.pluriel ?? term.repetition
      if (term.op !== 'nombre') return `${surLesLignes[term.op]}, pour les ${plural}, de ${inner(term.terme)}`
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
    if (op === 'non') return negation(a, inner)
    if (op === 'si') return `si ${condition(a, inner)}, ${inner(b)}, sinon ${inner(c)}`
    if (op === 'est_vide') return `${inner(a)} n’est pas rempli`
    if (op === 'n_est_pas_vide') return `${inner(a)} est rempli`
    if (op === 'dans') return `${inner(a)} est ${list(a, termes.slice(1), inner, ' ou ')}`
    if (op === 'longueur') return `le nombre de caractères de ${inner(a)}`
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

  function negation(term: Expression, inner: (part: Expression | undefined) => string): string {
    if ('champ' in term) return `${inner(term)} est Non`
    if (!('termes' in term)) return `il n’est pas vrai que ${inner(term)}`
    const [a] = term.termes
    const opposite = contraires[term.op]
    if (opposite) return inner({ op: opposite, termes: term.termes })
    if (a && term.op === 'dans') return `${inner(a)} n’est ni ${list(a, term.termes.slice(1), inner, ', ni ', ', ni ')}`
    return `il n’est pas vrai que ${inner(term)}`
  }

  const list = (
    a: Expression,
    others: readonly Expression[],
    inner: (part: Expression | undefined) => string,
    last: string,
    between = ', ',
  ): string => {
    const said = others.map(other => option(a, other) ?? inner(other))
    return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(between)}${last}${said.at(-1)}`
  }

  function field({ champ, propriete }: Extract<Expression, { champ: string }>): string {
    if (propriete === undefined) return `« ${libelle(champ)} »`
    return `${proprietesDeChamp[propriete] ?? `« ${propriete} »`} de « ${libelle(champ)} »`
  }

  /** A constant compared with a code is said by its name. */
  function option(term: Expression | undefined, constante: Expression | undefined): string | null {
    if (!term || !constante || !('constante' in constante) || typeof constante.constante !== 'string') return null
    const name = codesDe(term, formulaire)?.get(constante.constante)
    return name === undefined ? null : `« ${name} »`
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
