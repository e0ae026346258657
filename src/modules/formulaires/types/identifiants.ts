import * as z from 'zod'
import { illisible, type Lecture, lu, one } from '../saisie.ts'
import { type ChampCommun, commun, Nommer, nommer, typeDeChamp } from './type-de-champ.ts'

const ibanSchema = z.strictObject({ type: z.literal('iban'), ...commun })
const siretSchema = z.strictObject({ type: z.literal('siret'), ...commun })
const rnaSchema = z.strictObject({ type: z.literal('rna'), ...commun })
const nirSchema = z.strictObject({ type: z.literal('nir'), ...commun })

/** Letters and figures only, in capitals: spaces, dots, hyphens and slashes are how people cut a long number. */
const serre = (typed: string): string => typed.replace(/[\s.\-‐‑–_/]/g, '').toUpperCase()

/** A number cut in groups of these sizes. */
function grouper(text: string, ...sizes: readonly number[]): string {
  const starts = sizes.map((_, rank) => sizes.slice(0, rank).reduce((sum, size) => sum + size, 0))
  return starts
    .map((start, rank) => text.slice(start, start + sizes[rank]!))
    .filter(part => part !== '')
    .join('\u00a0')
}

/** Remainder modulo 97 of a number of any length written in figures. */
const modulo97 = (figures: string): number => [...figures].reduce((rest, figure) => (rest * 10 + Number(figure)) % 97, 0)

/**
 * Lengths of the IBAN by country: registry of SWIFT (ISO 13616-2), countries of the SEPA zone and a few others met in France. Another country is
 * accepted on its key alone.
 */
const longueurs: Readonly<Record<string, number>> = {
  AD: 24,
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MA: 28,
  MC: 27,
  ME: 22,
  MK: 19,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  RS: 22,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
}

/** A bank account, checked by its length and its key (ISO 13616, ISO 7064 mod 97-10). French overseas accounts begin with FR as well. */
export const iban = typeDeChamp<z.infer<typeof ibanSchema>, string>({
  nom: 'IBAN',
  schema: ibanSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => typeof valeur === 'string' && /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(valeur),
  lire(champ, saisie) {
    const typed = serre(one(saisie, champ.id).replace(/^iban\s*:?/i, ''))
    if (typed === '') return lu<string>(null)
    if (!/^[A-Z]{2}\d{2}[A-Z0-9]{0,30}$/.test(typed))
      return illisible(
        `${Nommer(champ)} commence par deux lettres et deux chiffres, par exemple FR76. Recopiez-le de votre relevé d’identité bancaire.`,
      )
    const expected = longueurs[typed.slice(0, 2)]
    if (expected ? typed.length !== expected : typed.length < 15)
      return illisible(`${Nommer(champ)} doit avoir ${expected ?? '15 à 34'} caractères. Vous en avez écrit ${typed.length}.`)
    const figures = (typed.slice(4) + typed.slice(0, 4)).replace(/[A-Z]/g, letter => String(letter.charCodeAt(0) - 55))
    return modulo97(figures) === 1 ? lu(typed) : erreurDeRecopie(champ)
  },
  manque: champ => `Indiquez ${nommer(champ)}, comme sur votre relevé d’identité bancaire.`,
  saisir: (champ, valeur) => ({ [champ.id]: quatreParQuatre(valeur) }),
  formater: (_, valeur) => quatreParQuatre(valeur),
  resultat: (_, valeur) => valeur,
})

const quatreParQuatre = (text: string): string => text.replace(/(.{4})(?=.)/g, '$1\u00a0')

const erreurDeRecopie = (champ: ChampCommun): Lecture<string> =>
  illisible(`${Nommer(champ)} comporte une erreur de recopie : vérifiez chaque caractère.`)

/** An establishment: 14 figures with a Luhn key (INSEE). Those of La Poste (356 000 000) only have a sum that divides by 5. */
export const siret = typeDeChamp<z.infer<typeof siretSchema>, string>({
  nom: 'Numéro SIRET',
  schema: siretSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => typeof valeur === 'string' && /^\d{14}$/.test(valeur),
  lire(champ, saisie) {
    const typed = serre(one(saisie, champ.id))
    if (typed === '') return lu<string>(null)
    if (/^\d{9}$/.test(typed))
      return illisible(`${Nommer(champ)} a 14 chiffres. Vous avez écrit le SIREN : ajoutez les cinq chiffres de l’établissement.`)
    if (!/^\d{14}$/.test(typed)) return illisible(`${Nommer(champ)} a 14 chiffres, par exemple 123 456 782 00010.`)
    return luhn(typed) || (typed.startsWith('356000000') && somme(typed) % 5 === 0) ? lu(typed) : erreurDeRecopie(champ)
  },
  manque: champ => `Indiquez ${nommer(champ)} : 14 chiffres.`,
  saisir: (champ, valeur) => ({ [champ.id]: grouper(valeur, 3, 3, 3, 5) }),
  formater: (_, valeur) => grouper(valeur, 3, 3, 3, 5),
  resultat: (_, valeur) => valeur,
})

const somme = (figures: string): number => [...figures].reduce((sum, figure) => sum + Number(figure), 0)

function luhn(figures: string): boolean {
  const total = [...figures].reverse().reduce((sum, figure, rank) => sum + somme(String(Number(figure) * (rank % 2 === 0 ? 1 : 2))), 0)
  return total % 10 === 0 && /[1-9]/.test(figures)
}

/**
 * An association in the répertoire national des associations: W and nine figures. The number of the prefecture that it had before 2010
 * (« 0502000123 », « 14/123 ») is not one: the sentence says where to find the new one.
 */
export const rna = typeDeChamp<z.infer<typeof rnaSchema>, string>({
  nom: 'Numéro RNA d’une association',
  schema: rnaSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => typeof valeur === 'string' && /^W[0-9AB]\d{8}$|^W\d[0-9AB]\d{7}$/.test(valeur),
  lire(champ, saisie) {
    const typed = serre(one(saisie, champ.id).replace(/^(?:rna|n°|no)\s*:?/i, '')).replace(/°/g, '')
    if (typed === '') return lu<string>(null)
    // « W2A4001234 »: departments of Corsica keep their letter.
    if (/^W(?:\d{9}|2[AB]\d{7})$/.test(typed)) return lu(typed)
    if (/^\d{9}$/.test(typed)) return lu(`W${typed}`)
    if (/^\d{6,14}$/.test(typed))
      return illisible(
        `${Nommer(champ)} s’écrit W suivi de 9 chiffres. Un ancien numéro de préfecture ne suffit pas : le nouveau est sur votre dernier récépissé.`,
      )
    return illisible(`${Nommer(champ)} s’écrit W suivi de 9 chiffres, par exemple W142001234.`)
  },
  manque: champ => `Indiquez ${nommer(champ)} : W suivi de 9 chiffres, par exemple W142001234.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater: (_, valeur) => valeur,
  resultat: (_, valeur) => valeur,
})

/**
 * A social security number (NIR): 13 characters and a key of two figures, 97 less the remainder of the number by 97; for the key, 2A counts as 19 and
 * 2B as 18 (INSEE, décret 82-103). Temporary numbers that begin with 7 or 8 are accepted. The month may be past 12 when it is unknown.
 */
export const nir = typeDeChamp<z.infer<typeof nirSchema>, string>({
  nom: 'Numéro de sécurité sociale',
  schema: nirSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => typeof valeur === 'string' && /^[123478]\d{4}(?:\d{2}|2[AB])\d{8}$/.test(valeur),
  lire(champ, saisie) {
    const typed = serre(one(saisie, champ.id))
    if (typed === '') return lu<string>(null)
    if (/^[123478]\d{4}(?:\d{2}|2[AB])\d{6}$/.test(typed))
      return illisible(`${Nommer(champ)} : il manque la clé, les deux derniers chiffres de votre carte Vitale.`)
    if (!/^[123478]\d{4}(?:\d{2}|2[AB])\d{8}$/.test(typed))
      return illisible(`${Nommer(champ)} a 15 chiffres, clé comprise, par exemple 2 85 03 14 762 012 81.`)
    const number = typed.slice(0, 13).replace('2A', '19').replace('2B', '18')
    return 97 - modulo97(number) === Number(typed.slice(13)) ? lu(typed) : erreurDeRecopie(champ)
  },
  manque: champ => `Indiquez ${nommer(champ)} : les 15 chiffres de votre carte Vitale.`,
  saisir: (champ, valeur) => ({ [champ.id]: grouper(valeur, 1, 2, 2, 2, 3, 3, 2) }),
  formater: (_, valeur) => grouper(valeur, 1, 2, 2, 2, 3, 3, 2),
  resultat: (_, valeur) => valeur,
})
