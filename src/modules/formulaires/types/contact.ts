import * as z from 'zod'
import { illisible, lu, one } from '../saisie.ts'
import { commun, Nommer, nommer, typeDeChamp } from './type-de-champ.ts'

const courrielSchema = z.strictObject({ type: z.literal('courriel'), ...commun })
const telephoneSchema = z.strictObject({ type: z.literal('telephone'), ...commun })

// The dot-atom of RFC 5322 §3.2.3 and host names of RFC 1123, letters of every alphabet allowed in the domain; no quoted forms.
const courrielPattern =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}])$/iu

/** An e-mail address: 254 characters at most, 64 before the @ (RFC 5321 §4.5.3.1), domain in lower case. */
export const courriel = typeDeChamp<z.infer<typeof courrielSchema>, string>({
  nom: 'Adresse électronique',
  schema: courrielSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => typeof valeur === 'string' && valeur !== '',
  lire(champ, saisie) {
    const typed = one(saisie, champ.id).replace(/^mailto:/i, '')
    if (typed === '') return lu<string>(null)
    const at = typed.lastIndexOf('@')
    if (typed.length > 254 || at > 64 || !courrielPattern.test(typed))
      return illisible(`Vérifiez ${nommer(champ)} : elle s’écrit comme nom@exemple.fr.`)
    return lu(typed.slice(0, at) + typed.slice(at).toLowerCase())
  },
  manque: champ => `Indiquez ${nommer(champ)}, par exemple nom@exemple.fr.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater: (_, valeur) => valeur,
  resultat: (_, valeur) => valeur,
})

/**
 * Overseas numbers written in the national form, and the country code each has in E.164 (décision ARCEP n° 2018-0881, plan de numérotation).
 * 0639 is Mayotte, but 06 39 98 is kept for fiction in the metropolitan plan.
 */
const outreMer: readonly (readonly [RegExp, string])[] = [
  [/^0(?:590|690|691)\d{6}$/, '590'],
  [/^0(?:594|694)\d{6}$/, '594'],
  [/^0(?:596|696|697)\d{6}$/, '596'],
  [/^0(?:262|263|692|693|269)\d{6}$/, '262'],
  [/^0639(?!98)\d{6}$/, '262'],
]

const territoires = /^(?:590|594|596|262)/

/** A telephone number, kept in E.164 (+33261911234), shown as it is dialled in France. */
export const telephone = typeDeChamp<z.infer<typeof telephoneSchema>, string>({
  nom: 'Téléphone',
  schema: telephoneSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => typeof valeur === 'string' && /^\+\d{8,15}$/.test(valeur),
  lire(champ, saisie) {
    const typed = one(saisie, champ.id)
    if (typed === '') return lu<string>(null)
    const number = versE164(typed)
    return number
      ? lu(number)
      : illisible(`${Nommer(champ)} : écrivez dix chiffres, par exemple 06 39 98 12 34, ou un numéro international commençant par +.`)
  },
  manque: champ => `Indiquez ${nommer(champ)}, par exemple 06 39 98 12 34.`,
  saisir: (champ, valeur) => ({ [champ.id]: formatTelephone(valeur) }),
  formater: (_, valeur) => formatTelephone(valeur),
  resultat: (_, valeur) => valeur,
})

/**
 * Habits beyond the ten figures: « Tél. : », hyphens of word processors, the first zero lost by a spreadsheet (« 639981234 »),
 * the country code without its sign (« 33 6 39 98 12 34 »).
 */
function versE164(text: string): string | null {
  const typed = text.replace(/^t[ée]l(?:[ée]phone)?\b[\s.:]*/i, '')
  if (!/^[+\d\s().\-‐‑–_/]{6,30}$/.test(typed)) return null
  const digits = typed
    .replace(/\(0\)/, '')
    .replace(/[^+\d]/g, '')
    .replace(/^00/, '+')
  if (/^33[1-9]\d{8}$/.test(digits)) return national(`0${digits.slice(2)}`)
  if (!digits.startsWith('+')) return national(/^[1-9]\d{8}$/.test(digits) ? `0${digits}` : digits)
  const number = digits.slice(1)
  if (number.includes('+') || number.startsWith('0')) return null
  if (number.startsWith('33')) return national(`0${number.slice(2).replace(/^0/, '')}`)
  if (territoires.test(number)) return national(`0${number.slice(3).replace(/^0/, '')}`)
  return /^\d{8,15}$/.test(number) ? `+${number}` : null
}

function national(digits: string): string | null {
  // Saint-Pierre-et-Miquelon: 0508 and six figures in the national form, +508 and the same six in E.164.
  if (/^0508\d{6}$/.test(digits)) return `+${digits.slice(1)}`
  if (!/^0[1-9]\d{8}$/.test(digits)) return null
  const code = outreMer.find(([pattern]) => pattern.test(digits))?.[1] ?? '33'
  return `+${code}${digits.slice(1)}`
}

/** « 02 61 91 12 34 », « 0690 12 34 56 », « +687 12 34 56 ». */
export function formatTelephone(number: string): string {
  if (/^\+33\d{9}$/.test(number)) return pairs(`0${number.slice(3)}`)
  const overseas = /^\+(?:590|594|596|262)(\d{3})(\d{6})$/.exec(number)
  if (overseas) return `0${overseas[1]} ${pairs(overseas[2]!)}`
  return /^\+(?:68[1-9]|508)\d+$/.test(number)
    ? `${number.slice(0, 4)} ${pairs(number.slice(4))}`
    : `${number.slice(0, 3)} ${pairs(number.slice(3))}`
}

const pairs = (digits: string): string => digits.replace(/(\d{2})(?=\d)/g, '$1 ')
