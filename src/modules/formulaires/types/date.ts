import * as z from 'zod'
import { dayOf, daysInMonth, isDay, longDate, monthNames, partsOf } from '../dates.ts'
import { evaluate } from '../evaluation.ts'
import type { Portee } from '../expression.ts'
import { fold, illisible, type Lecture, lu, one } from '../saisie.ts'
import { type Bornes, bornes, type ChampCommun, commun, Nommer, nommer, typeDeChamp } from './type-de-champ.ts'

const schema = z.strictObject({ type: z.literal('date'), ...commun, ...bornes })

/** A day, typed in three boxes (`-jour`, `-mois`, `-annee`), or whole in the first one. */
export const date = typeDeChamp<z.infer<typeof schema>, string>({
  nom: 'Date',
  schema,
  nature: () => 'date',
  est: isDay,
  lire(champ, saisie, portee) {
    const typed = ['jour', 'mois', 'annee'].map(part => one(saisie, `${champ.id}-${part}`)).filter(part => part !== '')
    return typed.length === 0 ? lu<string>(null) : lireJour(champ, typed.join(' '), portee)
  },
  controler(champ, valeur, portee) {
    const { min, max } = limits(champ, portee)
    if (min && valeur < min) return `${Nommer(champ)} doit être le ${longDate(min)} ou après.`
    if (max && valeur > max) return `${Nommer(champ)} doit être le ${longDate(max)} ou avant.`
    return null
  },
  manque: champ => `Indiquez ${nommer(champ)}, par exemple ${exemple}.`,
  saisir(champ, valeur) {
    const parts = partsOf(valeur)
    return {
      [`${champ.id}-jour`]: String(parts?.day ?? ''),
      [`${champ.id}-mois`]: String(parts?.month ?? ''),
      [`${champ.id}-annee`]: String(parts?.year ?? ''),
    }
  },
  formater: (_, valeur) => longDate(valeur),
  resultat: (_, valeur) => valeur,
})

const exemple = '27 3 1985'

/** Years that a person may mean: before the état civil of 1792 nothing is asked here, after 2200 it is a slip. */
const years = { first: 1700, last: 2200 }

/**
 * Reads a day in every French habit: « 27 3 1985 », « 27/03/85 », « 1er mars 2026 », « lun. 2 mars 2026 », « 27031985 », « 270385 », « 1985-03-27 ».
 * Two-digit years take the century that the bounds of the field allow and that is nearest to today.
 */
function lireJour(champ: ChampCommun & Bornes, typed: string, portee: Portee): Lecture<string> {
  const unreadable = illisible(`Indiquez ${nommer(champ)} avec le jour, le mois et l’année, par exemple ${exemple}.`)
  const tokens = tokensOf(typed)
  if (tokens?.length !== 3) return unreadable
  const [dayText = '', monthText = '', yearText = ''] = tokens
  const day = /^\d{1,2}$/.test(dayText) ? Number(dayText) : Number.NaN
  const month = monthOf(monthText)
  if (Number.isNaN(day) || month === null || !/^\d+$/.test(yearText)) return unreadable
  if (month < 1 || month > 12) return illisible(`${Nommer(champ)} : le mois va de 1 à 12, vous avez écrit ${month}.`)
  if (yearText.length !== 4 && yearText.length !== 2)
    return illisible(`${Nommer(champ)} : écrivez l’année avec quatre chiffres, par exemple 1985.`)
  const year = yearText.length === 4 ? Number(yearText) : nearestYear(champ, Number(yearText), month, day, portee)
  if (year < years.first || year > years.last) return illisible(`${Nommer(champ)} : vérifiez l’année, vous avez écrit ${yearText}.`)
  if (day < 1 || day > daysInMonth(year, month))
    return illisible(`${Nommer(champ)} : le ${day} ${monthNames[month - 1]}${onlyLeap(day, month) ? ` ${year}` : ''} n’existe pas.`)
  const found = dayOf(year, month, day)
  return found ? lu(found) : unreadable
}

const onlyLeap = (day: number, month: number): boolean => day === 29 && month === 2

function tokensOf(typed: string): string[] | null {
  if (typed.length > 60) return null
  const text = fold(typed)
    .replace(/^(?:le |ne le |nee le |du |(?:lun|mar|mercre|jeu|vendre|same)di,? |dimanche,? |(?:lun|mar|mer|jeu|ven|sam|dim)\.,? ?)+/, '')
    .replace(/\b(?:1 ?er|premier)\b/, '1')
  const iso = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(text)
  if (iso) return [iso[3]!, iso[2]!, iso[1]!]
  const packed = /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(text)
  if (packed) return packed.slice(1)
  return text.split(/[\s/.,\-‐‑–_]+/).filter(token => token !== '')
}

function monthOf(text: string): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  if (text.length < 3) return null
  const matches = monthNames.flatMap((name, index) => (fold(name).startsWith(text) ? [index + 1] : []))
  return matches.length === 1 ? matches[0]! : null
}

function nearestYear(champ: Bornes, two: number, month: number, day: number, portee: Portee): number {
  const today = partsOf(portee.aujourdhui)?.year ?? 2000
  const century = Math.floor(today / 100) * 100
  const candidates = [century - 100 + two, century + two, century + 100 + two].toSorted((a, b) => Math.abs(a - today) - Math.abs(b - today))
  const { min, max } = limits(champ, portee)
  const allowed = candidates.find(year => {
    const candidate = dayOf(year, month, day)
    return candidate !== null && (!min || candidate >= min) && (!max || candidate <= max)
  })
  return allowed ?? candidates[0]!
}

function limits(champ: Bornes, portee: Portee): { min: string | null; max: string | null } {
  const bound = (expression: Bornes['min']) => {
    const value = expression && evaluate(expression, portee)
    return isDay(value) ? value : null
  }
  return { min: bound(champ.min), max: bound(champ.max) }
}
