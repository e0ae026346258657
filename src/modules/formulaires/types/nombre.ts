import * as z from 'zod'
import { evaluate } from '../evaluation.ts'
import type { Portee } from '../expression.ts'
import { formatMontant, formatNumber, illisible, type Lecture, lu, one } from '../saisie.ts'
import { type Bornes, bornes, type ChampCommun, commun, Nommer, nommer, texteAffiche, typeDeChamp } from './type-de-champ.ts'

const unite = texteAffiche(30).optional()
const entierSchema = z.strictObject({ type: z.literal('entier'), ...commun, ...bornes, unite })
const decimalSchema = z.strictObject({
  type: z.literal('decimal'),
  ...commun,
  ...bornes,
  unite,
  decimales: z.int().min(1).max(6).optional(),
})
const montantSchema = z.strictObject({ type: z.literal('montant'), ...commun, ...bornes })

const estNombre = (valeur: unknown): valeur is number => typeof valeur === 'number' && Number.isFinite(valeur)
const estEntier = (valeur: unknown): valeur is number => Number.isSafeInteger(valeur)

/**
 * The figures of a number as people write it: spaces or points between thousands, comma or point for decimals, a unit behind.
 * Gives sign, whole part and decimals as texts, so that no cent is lost to floating point; null when it is not a number.
 */
function figures(typed: string): { sign: -1 | 1; whole: string; decimals: string } | null {
  let text = typed.replace(/[\s'’]/g, '').replace(/−/g, '-')
  if (text.includes(',') || (text.match(/\./g)?.length ?? 0) > 1) text = text.replace(/\.(?=\d{3}(?:\D|$))/g, '')
  const match = /^([-+]?)(\d{0,15})(?:[.,](\d{1,9}))?$/.exec(text)
  if (!match || (!match[2] && !match[3])) return null
  return { sign: match[1] === '-' ? -1 : 1, whole: match[2] || '0', decimals: (match[3] ?? '').replace(/0+$/, '') }
}

/** NFKC makes « m2 » of « m² »: people have no key for the small figure. */
function withoutUnit(text: string, unit: string | undefined): string {
  const [plain, suffix] = [text.normalize('NFKC'), unit?.normalize('NFKC')]
  return suffix && plain.toLowerCase().endsWith(suffix.toLowerCase()) ? plain.slice(0, -suffix.length) : text
}

/** A whole number. */
export const entier = typeDeChamp<z.infer<typeof entierSchema>, number>({
  nom: 'Nombre entier',
  schema: entierSchema,
  nature: () => 'nombre',
  est: estEntier,
  lire: (champ, saisie) =>
    read(withoutUnit(one(saisie, champ.id), champ.unite), 0, `Écrivez ${nommer(champ)} en chiffres, sans virgule, par exemple 12.`),
  controler: (champ, valeur, portee) => outside(champ, valeur, portee, bound => formatNumber(bound)),
  manque: champ => `Indiquez ${nommer(champ)}, en chiffres.`,
  saisir: (champ, valeur) => ({ [champ.id]: String(valeur) }),
  formater: (champ, valeur) => withUnit(formatNumber(valeur), champ.unite),
  resultat: (_, valeur) => valeur,
})

/** A number with decimals, two unless said. */
export const decimal = typeDeChamp<z.infer<typeof decimalSchema>, number>({
  nom: 'Nombre décimal',
  schema: decimalSchema,
  nature: () => 'nombre',
  est: estNombre,
  lire(champ, saisie) {
    const places = champ.decimales ?? 2
    const sentence = `Écrivez ${nommer(champ)} en chiffres, avec ${places} décimale${places > 1 ? 's' : ''} au plus, par exemple 2,5.`
    return read(withoutUnit(one(saisie, champ.id), champ.unite), places, sentence)
  },
  controler: (champ, valeur, portee) => outside(champ, valeur, portee, bound => formatNumber(bound)),
  manque: champ => `Indiquez ${nommer(champ)}, en chiffres.`,
  saisir: (champ, valeur) => ({ [champ.id]: plain(valeur) }),
  formater: (champ, valeur) => withUnit(formatNumber(valeur), champ.unite),
  resultat: (_, valeur) => valeur,
})

/** An amount in euros, kept in whole cents. */
export const montant = typeDeChamp<z.infer<typeof montantSchema>, number>({
  nom: 'Montant en euros',
  schema: montantSchema,
  nature: () => 'montant',
  est: estEntier,
  lire(champ, saisie) {
    const sentence = `Écrivez ${nommer(champ)} en euros, par exemple 12,50.`
    const typed = one(saisie, champ.id)
      // « 12 € 50 », « 12 euros 50 »: the sign where the comma is.
      .replace(/^([\d ]{1,20})(?:€|euros?)\s*(\d{2})$/i, '$1,$2')
      .replace(/\s*(?:€|euros?|eur)$/i, '')
    const euros = read(typed, 2, sentence)
    return euros.ok && euros.valeur !== null ? lu(Math.round(euros.valeur * 100)) : euros
  },
  controler: (champ, valeur, portee) => outside(champ, valeur, portee, formatMontant),
  manque: champ => `Indiquez ${nommer(champ)} en euros, par exemple 12,50.`,
  // « 500,50 », as money is written, and « 300 ».
  saisir: (champ, valeur) => ({ [champ.id]: (valeur / 100).toFixed(valeur % 100 === 0 ? 0 : 2).replace('.', ',') }),
  formater: (_, valeur) => formatMontant(valeur),
  resultat: (_, valeur) => valeur,
})

// Twelve whole digits: with two decimals every amount stays exact in a double.
function read(typed: string, decimals: number, sentence: string): Lecture<number> {
  if (typed === '') return lu<number>(null)
  const found = figures(typed)
  if (!found || found.decimals.length > decimals || found.whole.replace(/^0+/, '').length > 12 - decimals) return illisible(sentence)
  const value = found.sign * Number(`${found.whole}.${found.decimals || '0'}`)
  return lu(value === 0 ? 0 : value)
}

function outside(champ: ChampCommun & Bornes, valeur: number, portee: Portee, show: (bound: number) => string): string | null {
  const min = champ.min && evaluate(champ.min, portee)
  const max = champ.max && evaluate(champ.max, portee)
  if (typeof min === 'number' && valeur < min) return `${Nommer(champ)} : au moins ${show(min)}.`
  if (typeof max === 'number' && valeur > max) return `${Nommer(champ)} : au plus ${show(max)}.`
  return null
}

const withUnit = (text: string, unit: string | undefined): string => (unit ? `${text}\u00a0${unit}` : text)

/** A number without exponent nor grouping, with a comma. */
const ungrouped = new Intl.NumberFormat('fr-FR', { useGrouping: false, maximumFractionDigits: 6 })
const plain = (value: number): string => ungrouped.format(value)
