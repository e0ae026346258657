import { definitions, type Env, type Formulaire, parcours, type Reponses } from '../../formulaires/index.ts'
import type { Etat } from '../dossier.ts'
import { motsDe } from './mots.ts'
import { filtrageDe, valeursDe } from './valeurs.ts'

/**
 * The terms of a dossier: what a b-tree finds it by. Four kinds, told apart by their first character:
 *   a word             `dupont`                     words hold letters, figures, « @ » and « . » only
 *   a value            `=classe=cm1`                of a field or an annotation
 *   a word of a field  `:adresse=fontaine`          only checked: it is found by the word itself, which is a term
 *   an axis            `=:agent=0196…/accepte`      of the dossier itself, with its state, so that « accepted, by this agent » is one term and a short one
 */
export const AXES = ['demarche', 'service', 'agent', 'etiquette', 'canal'] as const
export type Axe = (typeof AXES)[number]

/** The term of one value of an axis in one state. Nobody in charge: the value is ''. */
export const termeDAxe = (axe: Axe, valeur: string, etat: Etat): string => `=:${axe}=${valeur.replace(/\s+/g, ' ').slice(0, 120)}/${etat}`

/** The term of one value of a field; what `valeursDe` gives. */
export const termeDeChamp = (champ: string, valeur: string): string => `=${champ}=${valeur}`

/** A word of one field, or its beginning. */
export const motDeChamp = (champ: string, mot: string): string => `:${champ}=${mot}`

/** Whether a term has its row; the others are only kept with the dossier's. */
export const aSaLigne = (terme: string): boolean => !terme.startsWith(':')

/** The end of the range of the terms that begin with `debut`: what we keep is ASCII, and ends before « ~ ». */
export const finDe = (debut: string): string => `${debut}~`

/** What the terms of a dossier are made of. */
export interface Indexable {
  readonly reference: string
  readonly etat: Etat
  readonly demarche_id: string
  readonly titre: string
  readonly service: string | null
  readonly agent_id: string | null
  readonly canal: string
  readonly demandeur_nom: string | null
  readonly demandeur_courriel: string | null
  readonly etiquettes: readonly { readonly id: string; readonly nom: string }[]
  /** Written both ways: messages, names of their files, opinions. */
  readonly textes: readonly string[]
  /** The whole form, with what agents alone are asked, and the answers of both. */
  readonly formulaire: Formulaire
  readonly reponses: Reponses
  /** The facts of the day of the deposit: for what is computed. */
  readonly env: () => Env
}

const MOTS_AU_PLUS = 400
// As many values: a form has 60 fields, and 30 rows at most.
const VALEURS_AU_PLUS = 400

/** Every term of a dossier, each once, in no order; 400 words and 400 values at most. */
export function termesDe(dossier: Indexable): string[] {
  const { formulaire, reponses, env } = dossier
  const values = new Set<string>()
  const words = new Set<string>()
  // What names the dossier first: if a word must be left out, it is one of a long text.
  for (const text of enTete(dossier)) for (const word of motsDe(text)) words.add(word)
  for (const { champ, valeur } of [...valeursPosees(formulaire, reponses), ...valeursCalculees(formulaire, reponses, env)]) {
    const read = SANS_MOTS.has(champ.type) ? NO_WORD : motsDe(texteDe(champ, valeur))
    for (const word of read) words.add(word)
    if (filtrageDe(champ) === 'mots') for (const word of [...read].slice(0, MOTS_PAR_CHAMP)) values.add(motDeChamp(champ.id, word))
    else for (const value of valeursDe(champ, valeur)) values.add(termeDeChamp(champ.id, value))
  }
  for (const text of dossier.textes) for (const word of motsDe(text)) words.add(word)
  return [...axesDe(dossier), ...[...values].slice(0, VALEURS_AU_PLUS), ...[...words].slice(0, MOTS_AU_PLUS)]
}

// « 27 mars 1985 » would be three words, two of which are in most dossiers: a day is one, 27031985, as is 27/03/1985 when it is looked for.
const texteDe = (champ: definitions.Champ, valeur: definitions.Valeur): string =>
  typeof valeur === 'string' && filtrageDe(champ) === 'dates'
    ? valeur.slice(0, 10).split('-').reverse().join('')
    : definitions.typeDe(champ).formater(champ, valeur)

const NO_WORD: ReadonlySet<string> = new Set()
const MOTS_PAR_CHAMP = 20

const axesDe = ({ demarche_id, agent_id, canal, service, etiquettes, etat }: Indexable): string[] => [
  termeDAxe('demarche', demarche_id, etat),
  termeDAxe('agent', agent_id ?? '', etat),
  termeDAxe('canal', canal, etat),
  ...(service === null ? [] : [termeDAxe('service', service, etat)]),
  ...etiquettes.map(({ id }) => termeDAxe('etiquette', id, etat)),
]

const enTete = ({ reference, titre, service, demandeur_nom, demandeur_courriel, etiquettes }: Indexable): string[] => [
  ...[reference, reference.replaceAll('-', ''), demandeur_nom ?? '', demandeur_courriel ?? '', titre, service ?? ''],
  ...etiquettes.map(({ nom }) => nom),
]

interface Reponse {
  readonly champ: definitions.Champ
  readonly valeur: definitions.Valeur
}

// « Oui », « non » are in every dossier; identity and account numbers are not searched (décret 2019-341).
const SANS_MOTS: ReadonlySet<string> = new Set(['oui_non', 'case', 'nir', 'iban'])

/** What is stored, field by field and row by row. What hides is emptied when an étape is accepted, so conditions need not be read again. */
function valeursPosees(formulaire: Formulaire, reponses: Reponses): Reponse[] {
  return formulaire.etapes.flatMap(etape => {
    const rows = etape.repetition ? (reponses.lignes[etape.id] ?? []).map(({ champs }) => champs) : [reponses.champs]
    return rows.flatMap(values =>
      etape.champs.flatMap(champ => {
        const valeur: unknown = Object.hasOwn(values, champ.id) ? values[champ.id] : undefined
        return definitions.typeDe(champ).est(valeur) ? [{ champ, valeur }] : []
      }),
    )
  })
}

/** What the program computes is not stored: it is found again, in the facts of the day of the deposit. */
function valeursCalculees(formulaire: Formulaire, reponses: Reponses, env: () => Env): Reponse[] {
  if (!formulaire.etapes.some(({ champs }) => champs.some(({ type }) => type === 'calcul'))) return []
  return parcours(formulaire, reponses, env()).flatMap(({ champs, lignes }) =>
    [champs, ...lignes.map(row => row.champs)]
      .flat()
      .flatMap(({ champ, valeur }) => (champ.type === 'calcul' && valeur !== null ? [{ champ, valeur }] : [])),
  )
}
