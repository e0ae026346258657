import { dates } from '../../formulaires/index.ts'

/** A public holiday: on a date, or so many days from Easter Sunday, within some years. */
interface Ferie {
  readonly nom: string
  readonly jour: string | number
  readonly depuis?: number
  readonly jusque?: number
}

// Code du travail L3133-1.
const NATIONAUX: readonly Ferie[] = [
  { nom: 'Jour de l’an', jour: '01-01' },
  { nom: 'Lundi de Pâques', jour: 1 },
  { nom: 'Fête du travail', jour: '05-01' },
  { nom: 'Victoire de 1945', jour: '05-08' },
  { nom: 'Ascension', jour: 39 },
  { nom: 'Lundi de Pentecôte', jour: 50 },
  { nom: 'Fête nationale', jour: '07-14' },
  { nom: 'Assomption', jour: '08-15' },
  { nom: 'Toussaint', jour: '11-01' },
  { nom: 'Armistice de 1918', jour: '11-11' },
  { nom: 'Noël', jour: '12-25' },
]

const abolition = (jour: string, annees: { depuis?: number; jusque?: number } = {}) => ({
  nom: 'Abolition de l’esclavage',
  jour,
  ...annees,
})
const vendrediSaint = { nom: 'Vendredi saint', jour: -2 }

// Alsace-Moselle: code du travail L3134-13. Good Friday is a day off only in communes with a Protestant church; no register says which,
// but the periods put off by holidays are those of the tribunal administratif, which sits in Strasbourg, where it is.
const ALSACE_MOSELLE: readonly Ferie[] = [vendrediSaint, { nom: 'Saint-Étienne', jour: '12-26' }]

// By département. Code du travail L3422-2 (abolition of slavery), codes of labour of the Pacific territories. Customs that no text names
// (mi-carême, 21 July, 2 November, Cayenne's 15 October, Mayotte's Muslim feasts) are not days off here: a period then ends
// earlier, never later, than a judge would say.
const LOCAUX: Readonly<Record<string, readonly Ferie[]>> = {
  '57': ALSACE_MOSELLE,
  '67': ALSACE_MOSELLE,
  '68': ALSACE_MOSELLE,
  '971': [abolition('05-27')],
  '972': [abolition('05-22')],
  '973': [abolition('06-10')],
  '974': [abolition('12-20')],
  '976': [abolition('04-27')],
  '977': [abolition('10-09')],
  // 28 May since the circular of 2018; the code still says otherwise.
  '978': [abolition('05-27', { jusque: 2017 }), abolition('05-28', { depuis: 2018 })],
  '986': [
    { nom: 'Saint Pierre Chanel', jour: '04-28' },
    { nom: 'Fête du territoire', jour: '07-29' },
  ],
  '987': [
    { nom: 'Arrivée de l’Évangile', jour: '03-05' },
    vendrediSaint,
    // Loi du pays of May 2025, from 2026.
    { nom: 'Fête de l’autonomie', jour: '06-29', jusque: 2025 },
    { nom: 'Matari’i i ni’a', jour: '11-20', depuis: 2026 },
  ],
  '988': [{ nom: 'Fête de la citoyenneté', jour: '09-24' }],
}

const known = new Map<string, ReadonlyMap<string, string>>()

/** The public holidays of a year where a département is (null: those of the whole country): day → name. Any year of the Gregorian calendar. */
export function joursFeries(annee: number, departement: string | null): ReadonlyMap<string, string> {
  const locaux = LOCAUX[departement ?? ''] ?? []
  const key = `${annee}|${locaux.length > 0 ? departement : ''}`
  let feries = known.get(key)
  if (!feries) {
    const easter = paques(annee)
    feries = new Map(
      [...NATIONAUX, ...locaux].flatMap(({ nom, jour, depuis = 0, jusque = 9999 }) => {
        const day = typeof jour === 'string' ? `${annee}-${jour}` : dates.addDays(easter, jour)
        return day && annee >= depuis && annee <= jusque ? [[day, nom] as const] : []
      }),
    )
    // One entry a year and territory met: a century of every territory holds in a megabyte.
    known.set(key, feries)
  }
  return feries
}

/**
 * Easter Sunday (Meeus, Astronomical Algorithms, chapter 8). Not by @socialgouv/jours-feries, which covers none of the overseas days, gives
 * midnights of the machine's zone, and puts the Easter of 2106 and others of its century elsewhere.
 */
function paques(annee: number): string {
  const [a, b, c] = [annee % 19, Math.floor(annee / 100), annee % 100]
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const month = Math.floor((h + l - 7 * m + 90) / 25)
  return `${annee}-${String(month).padStart(2, '0')}-${String((h + l - 7 * m + 33 * month + 19) % 32).padStart(2, '0')}`
}

/** Whether an act may be done on a day: neither a Saturday, a Sunday nor a public holiday of the place. */
export function estOuvrable(day: string, departement: string | null): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !joursFeries(Number(day.slice(0, 4)), departement).has(day)
}

/** The day itself, or the first one after it on which an act may be done (code de procédure civile, art. 642). */
export function reporter(day: string, departement: string | null): string {
  let current = day
  while (!estOuvrable(current, departement)) current = dates.addDays(current, 1) ?? day
  return current
}
