import * as z from 'zod'
import { isDay, longDate } from '../dates.ts'
import { fold, illisible, lu, one } from '../saisie.ts'
import { date } from './date.ts'
import { bornes, commun, Nommer, nommer, typeDeChamp } from './type-de-champ.ts'

const schema = z.strictObject({ type: z.literal('date_heure'), ...commun, ...bornes })
const exemple = '9 h 30'

/**
 * A day and an hour of the place, `YYYY-MM-DDTHH:MM`: the boxes of a date, and one for the hour (`-heure`). Expressions read its day, and its property
 * `heure` in hours (9 h 30 is 9,5). Bounds are days.
 */
export const dateHeure = typeDeChamp<z.infer<typeof schema>, string>({
  nom: 'Date et heure',
  schema,
  nature: () => 'date',
  est: (valeur): valeur is string =>
    typeof valeur === 'string' && /^.{10}T(?:[01]\d|2[0-3]):[0-5]\d$/.test(valeur) && isDay(valeur.slice(0, 10)),
  lire(champ, saisie, portee) {
    const typed = one(saisie, `${champ.id}-heure`)
    const day = date.lire({ ...champ, type: 'date' }, saisie, portee)
    if (!day.ok) return day
    if (day.valeur === null)
      return typed === '' ? lu<string>(null) : illisible(`Indiquez ${nommer(champ)} avec le jour, par exemple 27 3 2026.`)
    if (typed === '') return illisible(`${Nommer(champ)} : indiquez l’heure, par exemple ${exemple}.`, 'heure')
    const hour = lireHeure(typed)
    return hour
      ? lu(`${day.valeur}T${hour}`)
      : illisible(`${Nommer(champ)} : écrivez l’heure de 0 h à 23 h 59, par exemple ${exemple}.`, 'heure')
  },
  controler: (champ, valeur, portee) => date.controler?.({ ...champ, type: 'date' }, valeur.slice(0, 10), portee) ?? null,
  manque: champ => `Indiquez ${nommer(champ)}, par exemple 27 3 2026 à ${exemple}.`,
  saisir: (champ, valeur) => ({
    ...date.saisir({ ...champ, type: 'date' }, valeur.slice(0, 10)),
    [`${champ.id}-heure`]: direHeure(valeur),
  }),
  formater: (_, valeur) => `${longDate(valeur.slice(0, 10))} à ${direHeure(valeur)}`,
  resultat: (_, valeur) => valeur.slice(0, 10),
  proprietes: () => ({ heure: 'nombre' }),
  propriete: (_, valeur) => Number(valeur.slice(11, 13)) + Number(valeur.slice(14, 16)) / 60,
})

/** « 9 h 30 », « 14 h ». */
function direHeure(valeur: string): string {
  const [hours, minutes] = [Number(valeur.slice(11, 13)), valeur.slice(14, 16)]
  return minutes === '00' ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${minutes}`
}

/** Reads an hour as the French write it: « 9h », « 9 h 30 », « 09:30 », « 14.15 », « 1415 », « midi », « 14 heures 30 ». Null when it is not one. */
function lireHeure(typed: string): string | null {
  const text = fold(typed)
    .replace(/^(?:a|vers) /, '')
    .trim()
  if (text.length > 20) return null
  if (text === 'midi') return '12:00'
  if (text === 'minuit') return '00:00'
  const found =
    /^(\d{1,2})\s*(?:(?:heures?|hrs?|h|[:.,])\s*(\d{1,2})?\s*(?:minutes?|min|mn|m)?)?$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text)
  if (!found) return null
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)]
  // « 9.5 » is not five minutes past nine: one figure after a separator says nothing sure.
  if (hours > 23 || minutes > 59 || found[2]?.length === 1) return null
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}
