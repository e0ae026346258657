import { type RawBuilder, sql } from 'kysely'
import type { Trouvaille } from '../../formulaires/index.ts'
import type { Collectivite } from '../../territoire/index.ts'
import { type AdresseTapee, cleDeVoie, decouperAdresse, ligneDAdresse } from '../adresse.ts'

/** Reads rows of the collectivité: within the caller's transaction, or in one of its own. */
export type Lire = <Row>(query: RawBuilder<Row>) => Promise<Row[]>

/** More are not read: people are asked to type more. */
const AT_MOST = 10
/** Streets looked at for a number. */
const STREETS = 30
/** Below this likeness of words (pg_trgm), two names of streets have nothing to do with each other. */
const LIKENESS = 0.45

export interface Voie {
  id: number
  interop: string
  nom: string
  cle: string
  commune: string
  code: string
  lat: number | null
  lon: number | null
  departement: string | null
  region: string | null
  epci: string | null
  postaux: string[] | null
  likeness: number
}

export interface Numero {
  voie_id: number
  numero: number
  suffixe: string
  interop: string
  lat: number | null
  lon: number | null
}

/** Whether the collectivité has an address file. */
export async function aDesAdresses(lire: Lire, collectiviteId: string): Promise<boolean> {
  return (await lire(sql<{ oui: number }>`select 1 as oui from fichier_adresses where collectivite_id = ${collectiviteId}`)).length > 0
}

/**
 * Addresses of the commune's own file: « 12 bis r. du Moulin », with or without postcode and commune after; small mistakes are forgiven. With a number,
 * only the streets that have it; without, the streets and places. A postcode of elsewhere finds nothing here. At most 10, the best first.
 */
export async function trouverAdresses(lire: Lire, { id }: Pick<Collectivite, 'id'>, typed: string): Promise<Trouvaille[]> {
  const asked = decouperAdresse(typed)
  if (asked.voie.length < 2) return []
  const streets = (await voiesDe(lire, id, asked.voie)).filter(
    ({ postaux }) => !asked.codePostal || !postaux || postaux.includes(asked.codePostal),
  )
  if (streets.length === 0) return []
  if (asked.numero === null) return streets.slice(0, AT_MOST).map(voie => enTrouvaille(voie, null, asked))
  const numbers = await lire(sql<Numero>`select voie_id, numero, suffixe, interop, lat, lon from numero_local
    where collectivite_id = ${id} and voie_id = any (${streets.map(voie => voie.id)}::int[]) and numero = ${asked.numero} order by suffixe <> ${asked.suffixe}, suffixe`)
  const found = streets.flatMap(voie => numbers.filter(({ voie_id }) => voie_id === voie.id).map(numero => ({ voie, numero })))
  return found.slice(0, AT_MOST).map(({ voie, numero }) => enTrouvaille(voie, numero, asked))
}

const COMMUNS =
  /^(rue|avenue|boulevard|chemin|allee|impasse|place|route|square|cours|quai|passage|sentier|lotissement|residence|hameau|lieu|dit|les|des|aux|sur|sous)$/

// Likeness costs 20 µs a street: of the 6,500 streets of Paris, those that share a word with what was typed are compared first, and the others only
// when there is none, for it is then mistyped.
async function voiesDe(lire: Lire, id: string, key: string): Promise<Voie[]> {
  const words = key.split(' ').filter(word => word.length > 2 && !COMMUNS.test(word))
  const sharing = words.length === 0 ? [] : await lire(voiesProches(id, key, sql`cle like any (${words.map(word => `%${word}%`)}::text[])`))
  return sharing.length > 0 ? sharing : lire(voiesProches(id, key, sql`true`))
}

// Both ways: a street of which only the beginning is typed, and one after which the commune is typed too.
const voiesProches = (id: string, key: string, among: RawBuilder<unknown>) => sql<Voie>`
  select v.*, c.departement, c.region, c.epci_code as epci, c.codes_postaux as postaux from (
    select id, interop, nom, cle, commune, code, lat, lon,
      case when cle = ${key} then 3 when starts_with(cle, ${key}) then 2 else 0 end
        + greatest(word_similarity(${key}, cle), word_similarity(cle, ${key})) + similarity(cle, ${key}) / 10 as likeness
    from voie_locale where collectivite_id = ${id} and ${among}
  ) v left join commune_officielle c on c.code = v.code
  where likeness > ${LIKENESS} + 0.05 order by likeness desc, nom limit ${STREETS}`

/** A street, or one of its numbers, as what a look-up gives. */
export function enTrouvaille(voie: Voie, numero: Numero | null, asked: AdresseTapee): Trouvaille {
  const line = ligneDAdresse(numero?.numero ?? null, numero?.suffixe ?? '', voie.nom)
  const codePostal = voie.postaux?.length === 1 ? voie.postaux[0] : voie.postaux?.includes(asked.codePostal) ? asked.codePostal : undefined
  const { lat, lon } = numero ?? voie
  const isSame =
    voie.cle === asked.voie &&
    (numero?.suffixe ?? '') === asked.suffixe &&
    (asked.commune === '' || asked.commune === cleDeVoie(voie.commune))
  return {
    cle: numero?.interop ?? voie.interop,
    libelle: [line, [codePostal, voie.commune].filter(Boolean).join(' ')].join(', '),
    valeurs: {
      voie: line,
      ...(codePostal ? { codePostal } : {}),
      commune: voie.commune,
      code: voie.code,
      ...(voie.departement ? { departement: voie.departement } : {}),
      ...(voie.region ? { region: voie.region } : {}),
      ...(voie.epci ? { epci: voie.epci } : {}),
      ...(lat !== null && lon !== null ? { lat: String(lat), lon: String(lon) } : {}),
    },
    ...(isSame ? { exacte: true } : {}),
  }
}
