import type { Trouvaille } from './recherche.ts'

/** What a form posts: names and texts, nothing trusted. Keys of composed fields are `${champ}-${part}` (`naissance-jour`). */
export type Saisie = Readonly<Record<string, string | readonly string[]>>

/** The result of reading a field: a value, null when nothing was typed, or the French sentence that says what to type. */
export type Lecture<V> = { readonly ok: true; readonly valeur: V | null } | Illisible

/** `partie`: the box at fault of a composed field (`codePostal` of an address). `propositions`: what a look-up found, to choose from. */
export interface Illisible {
  readonly ok: false
  readonly message: string
  readonly partie?: string
  readonly propositions?: readonly Trouvaille[]
}

/** A value read. */
export const lu = <V>(valeur: V | null): Lecture<V> => ({ ok: true, valeur })

/** A refusal to read, with its sentence. */
export const illisible = (message: string, partie?: string, propositions?: readonly Trouvaille[]): Illisible => ({
  ok: false,
  message,
  ...(partie === undefined ? {} : { partie }),
  ...(propositions === undefined ? {} : { propositions }),
})

// Beyond this no field can accept the text: what follows is not even looked at, so that 1 MB costs nothing.
const readableLength = 20_000

// Controls except tab, line feed and return; bidirectional overrides and invisible marks that make a text show something else than it is.
const unwanted = /(?![\t\n])\p{Cc}|\p{Bidi_Control}|[\u200b\u2028\u2029\u2060\ufeff\ufffd]/gu

/** A typed text made safe to keep: well-formed, NFC, without controls, line ends as `\n`, trimmed. Keeps its lines. */
export function cleanLines(text: string): string {
  return text
    .slice(0, readableLength)
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(unwanted, '')
    .replace(/[\t\u00a0\u202f ]+/g, ' ')
    .trim()
}

/** The same on one line: every run of white space becomes one space. */
export const cleanText = (text: string): string => cleanLines(text).replace(/\s+/g, ' ')

/** The cleaned text of a field of one value. A doubled parameter counts once, the last; a missing one is empty. */
export function one(saisie: Saisie, name: string): string {
  return cleanText(raw(saisie, name))
}

/** The text of a field of one value as it was typed, lines kept. */
export function raw(saisie: Saisie, name: string): string {
  const value = Object.hasOwn(saisie, name) ? saisie[name] : undefined
  const last = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' ? last : ''
}

/** Every cleaned text posted under a name, without doubles nor empties; 500 at most. */
export function many(saisie: Saisie, name: string): string[] {
  const value = Object.hasOwn(saisie, name) ? saisie[name] : undefined
  const all = typeof value === 'string' ? [value] : Array.isArray(value) ? value.slice(0, 500) : []
  return [...new Set(all.filter(text => typeof text === 'string').map(cleanText))].filter(text => text !== '')
}

/** Text without accents nor case, for comparisons as people make them. */
export function fold(text: string): string {
  // Ids of options and days are plain already: eight times faster than to normalise them, on every condition of every page.
  if (/^[a-z0-9_-]*$/.test(text)) return text
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[œæ]/g, letter => (letter === 'œ' ? 'oe' : 'ae'))
}

// Building a formatter costs a hundred times its use.
const euros = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' })
const decimals = [0, 1, 2, 3, 4, 5, 6].map(maximumFractionDigits => new Intl.NumberFormat('fr-FR', { maximumFractionDigits }))

/** A number with French spaces and comma, `places` decimals at most (6): « 1 234,5 ». */
export const formatNumber = (value: number, places = 6): string => (decimals[places] ?? decimals[6]!).format(value)

/** Cents as euros: « 3,50 € ». */
export const formatMontant = (cents: number): string => euros.format(cents / 100)
