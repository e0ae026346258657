import { definitions } from '../../formulaires/index.ts'
import { cleDeRecherche } from './mots.ts'

type Champ = definitions.Champ
type Valeur = definitions.Valeur

/** How a field is filtered: among its options, between two bounds, by words; null when it cannot be (a document, a text to read). */
export type Filtrage = 'choix' | 'dates' | 'nombres' | 'mots' | null

// What one drop-down list may hold; beyond, the words of the option.
const OPTIONS_AU_PLUS = 48

// What is always « yes » once filed tells nothing apart. An identity number is not a means to look for people (décret 2019-341), nor is an account number.
const SANS_FILTRE: ReadonlySet<string> = new Set(['piece', 'explication', 'section', 'case', 'attestation', 'nir', 'iban'])

/** How lists filter by this field. */
export function filtrageDe(champ: Champ): Filtrage {
  if (SANS_FILTRE.has(champ.type)) return null
  const type = definitions.typeDe(champ)
  const codes = type.codes?.(champ)
  if (codes) return codes.size > OPTIONS_AU_PLUS ? 'mots' : 'choix'
  const nature = type.nature(champ)
  if (nature === 'booleen') return 'choix'
  if (nature === 'date') return 'dates'
  if (nature === 'nombre' || nature === 'montant') return 'nombres'
  return nature === null ? null : 'mots'
}

/** The options of a field filtered by choice, with the words of each: what `valeursDe` gives for them. */
export function optionsDe(champ: Champ): { readonly value: string; readonly label: string }[] {
  const codes = definitions.typeDe(champ).codes?.(champ)
  if (codes) return [...codes].map(([value, label]) => ({ value, label }))
  return [{ value: 'oui', label: 'Oui' }, ...(champ.type === 'oui_non' ? [{ value: 'non', label: 'Non' }] : [])]
}

/** The values of an answer to a field filtered by choice or between bounds, each in a form whose order as text is its own order. */
export function valeursDe(champ: Champ, valeur: Valeur): string[] {
  const filtrage = filtrageDe(champ)
  if (filtrage === null || filtrage === 'mots') return []
  const found = definitions.typeDe(champ).resultat(champ, valeur)
  if (found === null) return []
  if (filtrage === 'dates') return typeof found === 'string' ? [found] : []
  if (filtrage === 'nombres') return typeof found === 'number' ? [enOrdre(found)] : []
  if (typeof found === 'boolean') return [found ? 'oui' : 'non']
  return (Array.isArray(found) ? found : [found]).map(one => String(one).slice(0, 60))
}

const DECIMALES = 6

/**
 * A number written so that texts in order are numbers in order (six decimals): « p », the count of its whole figures as a letter, its figures; below zero « n », then
 * each of them turned about.
 */
export function enOrdre(nombre: number): string {
  const text = Math.abs(nombre)
    .toFixed(DECIMALES)
    .replace(/\.?0+$/, '')
  const whole = text.indexOf('.') < 0 ? text.length : text.indexOf('.')
  if (nombre >= 0 || text === '0') return `p${String.fromCharCode(96 + whole)}${text}`
  return `n${String.fromCharCode(123 - whole)}${text.replace(/\d/g, figure => String(9 - Number(figure)))}~`
}

/** A name as lists sort it: last name first is not known for sure, so it is the name as written, folded. */
export const cleDeNom = (nom: string): string => cleDeRecherche(nom).slice(0, 80)
