import { definitions, type Expression } from '../../../formulaires/index.ts'

type Nature = 'nombre' | 'montant' | 'date'

const durees = { jours: /^jours?$/, mois: /^mois$/, annees: /^(?:ans?|annees?)$/ } as const
const noms = { jours: 'jours', mois: 'mois', annees: 'ans' } as const

/** A bound as it is typed: « 12 », « 27/03/2026 », « aujourd’hui + 30 jours ». Null when it says more than one box can. */
export function direBorne(borne: Expression): string | null {
  if ('date' in borne) return borne.date.split('-').reverse().join('/')
  if ('montant' in borne) return plain.format(borne.montant / 100)
  if ('constante' in borne) return typeof borne.constante === 'number' ? plain.format(borne.constante) : null
  if ('aujourdhui' in borne) return 'aujourd’hui'
  const found = 'termes' in borne ? /^(plus|moins)_(jours|mois|annees)$/.exec(borne.op) : null
  if (!found || !('termes' in borne)) return null
  const [day, count] = borne.termes
  if (!day || !('aujourdhui' in day) || !count || !('constante' in count)) return null
  return `aujourd’hui ${found[1] === 'plus' ? '+' : '-'} ${count.constante} ${noms[found[2] as keyof typeof noms]}`
}

/** Reads a bound typed in one box: null when it is empty, a sentence when it cannot be read. */
export function lireBorne(typed: string, nature: Nature): Expression | null | { readonly erreur: string } {
  if (typed === '') return null
  if (nature !== 'date') return lireNombre(typed, nature)
  const words = definitions.fold(typed).replace(/\s+/g, ' ')
  const relative = /^aujourd['’ ]?hui(?: ?([+-]|plus|moins) ?(\d{1,4}) (\w+))?$/.exec(words)
  if (!relative) return lireJour(typed)
  const [, sign, count, unit = ''] = relative
  if (count === undefined) return { aujourdhui: true }
  const duree = (Object.keys(durees) as (keyof typeof durees)[]).find(name => durees[name].test(unit))
  if (!duree) return { erreur: 'Après aujourd’hui, comptez en jours, en mois ou en ans : « aujourd’hui + 30 jours ».' }
  const op = `${sign === '+' || sign === 'plus' ? 'plus' : 'moins'}_${duree}` as const
  return { op, termes: [{ aujourdhui: true }, { constante: Number(count) }] }
}

const portee = {
  aujourdhui: '2000-01-01',
  commune: { nom: '', insee: '', epci: '', departement: '', region: '', population: 0 },
  parametres: {},
  champ: () => null,
  lignes: () => [],
}
const box = { id: 'x', libelle: 'Cette limite', enPhrase: 'cette limite' } as const

function lireJour(typed: string): Expression | { readonly erreur: string } {
  const champ: definitions.Champ = { ...box, type: 'date' }
  const read = definitions.typeDe(champ).lire(champ, { 'x-jour': typed }, portee)
  if (read.ok && typeof read.valeur === 'string') return { date: read.valeur }
  return { erreur: 'Écrivez une date (27/03/2026), ou « aujourd’hui », ou « aujourd’hui + 30 jours ».' }
}

/** A number or an amount typed by people: « 12,5 », « 1 200 € ». */
export function lireNombre(typed: string, nature: 'nombre' | 'montant'): Expression | { readonly erreur: string } {
  // A decimal number leaves room for its decimals: a whole one, read first, may be larger.
  const kinds: readonly definitions.Champ[] =
    nature === 'montant'
      ? [{ ...box, type: 'montant' }]
      : [
          { ...box, type: 'entier' },
          { ...box, type: 'decimal', decimales: 6 },
        ]
  let erreur = 'Écrivez un nombre.'
  for (const champ of kinds) {
    const read = definitions.typeDe(champ).lire(champ, { x: typed }, portee)
    if (read.ok && typeof read.valeur === 'number') return nature === 'montant' ? { montant: read.valeur } : { constante: read.valeur }
    if (!read.ok) erreur = read.message
  }
  return { erreur }
}

const plain = new Intl.NumberFormat('fr-FR', { useGrouping: false, maximumFractionDigits: 6 })
/** A number as it would be typed again: a comma, no space. */
export const ecrireNombre = (value: number): string => plain.format(value)
