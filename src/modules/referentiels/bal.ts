import { cleDeVoie } from './adresse.ts'
import type { ProblemeDeFichier, Table } from './csv.ts'

/** A street or a place of a commune's address file, and its numbers. */
export interface VoieLue {
  /** Key of the street: the first two parts of the clé d’interopérabilité. */
  readonly interop: string
  readonly nom: string
  readonly cle: string
  readonly commune: string
  readonly code: string
  lat: number | null
  lon: number | null
  readonly numeros: Map<string, NumeroLu>
}

export interface NumeroLu {
  readonly numero: number
  readonly suffixe: string
  readonly interop: string
  readonly lat: number | null
  readonly lon: number | null
  readonly estEntree: boolean
}

export type BalLue =
  | { readonly ok: true; readonly voies: readonly VoieLue[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problemes: readonly ProblemeDeFichier[] }

/** What an address file may hold: the largest is that of Paris, 90,000 lines. */
export const bornesDeBal = { maxLignes: 300_000, maxColonnes: 60, maxCellule: 500 } as const

/** A number that says « this street or place, no number » (BAL 1.3, §numero). */
const SANS_NUMERO = 99_999

const REQUISES = ['cle_interop', 'commune_insee', 'commune_nom', 'voie_nom', 'numero'] as const

/**
 * Reads the table of a Base Adresse Locale, format 1.1 to 1.4 of the AITF. Mends what is certain (decimal comma, repetition in capitals, zeros of the
 * INSEE code lost by a spreadsheet, several positions of one address) and tells it; anything else is refused, line by line. `codeActuel` gives the
 * present commune of an INSEE code.
 */
export function lireBal(table: Table, codeActuel: (code: string) => string): BalLue {
  if (!table.ok) return table
  const column = new Map(table.colonnes.map((name, index) => [name.trim().toLowerCase(), index]))
  const missing = REQUISES.filter(name => !column.has(name))
  if (missing.length > 0) {
    const message = `Ce fichier n’est pas une Base Adresse Locale : il lui manque ${missing.join(', ')}. Le format attendu est le format BAL 1.3 ou 1.4.`
    return { ok: false, problemes: [{ ligne: null, message }] }
  }
  const voies = new Map<string, VoieLue>()
  const told = { virgules: 0, codes: 0, positions: 0, sansPlace: 0, anciens: 0 }
  const problemes: ProblemeDeFichier[] = []
  for (const { ligne, cellules } of table.lignes) {
    const read = lireLigne(name => cellules[column.get(name) ?? -1] ?? '', told, codeActuel)
    if (typeof read === 'string') problemes.push({ ligne, message: read })
    else ranger(voies, read, told)
  }
  if (problemes.length > 0) return { ok: false, problemes }
  return { ok: true, voies: [...voies.values()], notes: [...table.notes, ...enPhrases(told)] }
}

interface Told {
  virgules: number
  codes: number
  positions: number
  sansPlace: number
  anciens: number
}

interface LigneLue extends NumeroLu {
  readonly voie: string
  readonly commune: string
  readonly code: string
}

function lireLigne(cell: (name: string) => string, told: Told, codeActuel: (code: string) => string): LigneLue | string {
  const typedCode = cell('commune_insee').toUpperCase()
  const padded = /^\d{4}$/.test(typedCode) ? `0${typedCode}` : typedCode
  if (padded !== typedCode) told.codes++
  if (!/^(\d{2}|2[AB])\d{3}$/.test(padded))
    return `commune_insee vaut « ${typedCode} » : le code INSEE a cinq caractères, par exemple 14762.`
  const code = codeActuel(padded)
  if (code !== padded) told.anciens++
  const voie = cell('voie_nom')
  if (cleDeVoie(voie) === '') return 'voie_nom est vide : écrivez le nom de la voie ou du lieu-dit.'
  const typedNumber = cell('numero')
  if (!/^\d{1,5}$/.test(typedNumber)) return `numero vaut « ${typedNumber} » : un nombre de 0 à 9999, ou 99999 pour une voie sans numéro.`
  const numero = Number(typedNumber)
  if (numero > 9999 && numero !== SANS_NUMERO)
    return `numero vaut « ${typedNumber} » : un nombre de 0 à 9999, ou 99999 pour une voie sans numéro.`
  const suffixe = cell('suffixe').toLowerCase()
  if (!/^[a-z0-9]{0,10}$/.test(suffixe)) return `suffixe vaut « ${suffixe} » : lettres et chiffres seulement, par exemple bis.`
  const [lon, lat] = [degres(cell('long'), 180, told), degres(cell('lat'), 90, told)]
  if (lon === undefined || lat === undefined)
    return `long et lat valent « ${cell('long')} » et « ${cell('lat')} » : des degrés WGS 84, par exemple -0.88 et 48.83.`
  const placed = lon !== null && lat !== null
  if (!placed) told.sansPlace++
  return {
    voie,
    commune: cell('commune_nom'),
    code,
    numero,
    suffixe,
    interop: cell('cle_interop').toLowerCase(),
    lat: placed ? lat : null,
    lon: placed ? lon : null,
    estEntree: /^entr[ée]e$/i.test(cell('position')),
  } // prettier-ignore
}

/** Degrees; null when empty, undefined when it is no number of degrees. */
function degres(typed: string, max: number, told: Told): number | null | undefined {
  if (typed === '') return null
  const mended = typed.replace(',', '.')
  if (!/^-?\d+(\.\d+)?$/.test(mended) || Math.abs(Number(mended)) > max) return undefined
  if (mended !== typed) told.virgules++
  return Number(mended)
}

// The street of a number is told by the key when there is one: two streets of a commune may bear the same name (communes déléguées).
function ranger(voies: Map<string, VoieLue>, ligne: LigneLue, told: Told): void {
  const parts = ligne.interop.split('_')
  const interop =
    parts.length >= 2 && parts[1] !== 'xxxx'
      ? `${parts[0]}_${parts[1]}`
      : `${ligne.code.toLowerCase()}_${cleDeVoie(ligne.voie).replaceAll(' ', '-')}`
  const key = `${interop}|${cleDeVoie(ligne.voie)}`
  let voie = voies.get(key)
  if (!voie) {
    voie = {
      interop,
      nom: ligne.voie,
      cle: cleDeVoie(ligne.voie),
      commune: ligne.commune,
      code: ligne.code,
      lat: null,
      lon: null,
      numeros: new Map(),
    }
    voies.set(key, voie)
  }
  if (ligne.numero === SANS_NUMERO) {
    voie.lat ??= ligne.lat
    voie.lon ??= ligne.lon
    return
  }
  const number = `${ligne.numero}${ligne.suffixe}`
  const known = voie.numeros.get(number)
  if (known) told.positions++
  const { numero, suffixe, lat, lon, estEntree } = ligne
  if (!known || (estEntree && !known.estEntree))
    voie.numeros.set(number, {
      numero,
      suffixe,
      interop: `${interop}_${String(numero).padStart(5, '0')}${suffixe && `_${suffixe}`}`,
      lat,
      lon,
      estEntree,
    })
}

function enPhrases(told: Told): string[] {
  const count = (n: number, one: string, many: string) => (n === 0 ? [] : [n === 1 ? one : `${n.toLocaleString('fr-FR')} ${many}`])
  return [
    ...count(told.virgules, 'Une coordonnée avait une virgule décimale : lue.', 'coordonnées avaient une virgule décimale : lues.'),
    ...count(told.codes, 'Un code INSEE avait perdu son zéro : remis.', 'codes INSEE avaient perdu leur zéro : remis.'),
    ...count(
      told.anciens,
      'Une ligne porte un code INSEE d’avant une fusion : rattachée à la commune actuelle.',
      'lignes portent un code INSEE d’avant une fusion : rattachées à la commune actuelle.',
    ),
    ...count(
      told.positions,
      'Une adresse avait plusieurs positions : l’entrée est gardée.',
      'positions en plus de la première : l’entrée est gardée.',
    ),
    ...count(told.sansPlace, 'Une adresse n’a pas de coordonnées.', 'adresses n’ont pas de coordonnées.'),
  ]
}
