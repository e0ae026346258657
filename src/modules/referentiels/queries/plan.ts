import { sql } from 'kysely'
import type { Trouvaille } from '../../formulaires/index.ts'
import { cadre, distanceM, type Point, type Repere } from '../plan.ts'
import { enTrouvaille, type Lire, type Numero, type Voie } from './adresses.ts'

/** An address further away is not the one of the point. */
const PROCHE_M = 50
/** Half the width of a plan, the first that shows enough. */
const RAYONS_M = [150, 500, 2000] as const
const ASSEZ = 8
/** Dots of one plan drawn by the server. */
const REPERES = 3000
/** Dots of the plan of a commune: about 150 kB before compression. Paris has 90,000 addresses: one in eight is given. */
const POINTS = 12_000

/** What the address file knows around a point, and half the width in metres of the plan that shows it. */
export async function reperesAutour(
  lire: Lire,
  collectiviteId: string,
  point: Point,
): Promise<{ readonly reperes: readonly Repere[]; readonly rayonM: number }> {
  for (const rayonM of RAYONS_M) {
    const reperes = await lire(
      pres<Repere>(collectiviteId, point, rayonM, sql`v.nom as voie, trim(p.numero || p.suffixe) as numero, p.lat, p.lon`, REPERES),
    )
    if (reperes.length >= ASSEZ || (rayonM === RAYONS_M.at(-1) && reperes.length > 0)) return { reperes, rayonM }
  }
  return { reperes: [], rayonM: RAYONS_M[1] }
}

/** The nearest address or place name of the file within 50 m of a point, if any. */
export async function adresseProche(lire: Lire, collectiviteId: string, point: Point): Promise<Trouvaille | undefined> {
  const columns = sql`v.*, c.departement, c.region, c.epci_code as epci, c.codes_postaux as postaux, 0 as likeness,
    p.numero, p.suffixe, p.interop as interop_numero, p.lat as lat_numero, p.lon as lon_numero`
  type Row = Voie & { numero: string; suffixe: string; interop_numero: string; lat_numero: number; lon_numero: number }
  const [row] = await lire(pres<Row>(collectiviteId, point, PROCHE_M, columns, 1))
  if (!row || distanceM(point, { lat: row.lat_numero, lon: row.lon_numero }) > PROCHE_M) return undefined
  const { numero, suffixe, interop_numero: interop, lat_numero: lat, lon_numero: lon } = row
  const number: Numero | null = numero === '' ? null : { voie_id: row.id, numero: Number(numero), suffixe, interop, lat, lon }
  return enTrouvaille(row, number, { voie: '', numero: null, suffixe: '', codePostal: '', commune: '' })
}

// Nearest first. Place names have no number.
const pres = <Row>(collectiviteId: string, point: Point, metres: number, columns: ReturnType<typeof sql>, limit: number) => {
  const { latMin, latMax, lonMin, lonMax } = cadre(point, metres)
  return sql<Row>`select ${columns} from (
      select voie_id, numero::text as numero, suffixe, interop, lat, lon from numero_local
        where collectivite_id = ${collectiviteId} and lat between ${latMin} and ${latMax} and lon between ${lonMin} and ${lonMax}
      union all select id, '', '', interop, lat, lon from voie_locale
        where collectivite_id = ${collectiviteId} and lat between ${latMin} and ${latMax} and lon between ${lonMin} and ${lonMax}
    ) p join voie_locale v on v.collectivite_id = ${collectiviteId} and v.id = p.voie_id left join commune_officielle c on c.code = v.code
    order by power(p.lat - ${point.lat}, 2) + power((p.lon - ${point.lon}) * cos(radians(${point.lat})), 2), p.numero limit ${limit}`
}

/** The centre of the addresses of the file; undefined when there are none with a place. */
export async function centreDe(lire: Lire, collectiviteId: string): Promise<Point | undefined> {
  const [row] = await lire(sql<{ lat: number | null; lon: number | null }>`
    select avg(lat) as lat, avg(lon) as lon from (
      select lat, lon from numero_local where collectivite_id = ${collectiviteId}
      union all select lat, lon from voie_locale where collectivite_id = ${collectiviteId}) points`)
  return row && row.lat !== null && row.lon !== null ? { lat: row.lat, lon: row.lon } : undefined
}

/** The plan of a commune for a script to draw: integers of 0.00001°, counted from `origine`. */
export interface PlanDeCommune {
  readonly centre: readonly [lat: number, lon: number]
  readonly origine: readonly [lat: number, lon: number]
  /** Each street or place, with the middle of its addresses. */
  readonly voies: readonly (readonly [nom: string, lat: number, lon: number])[]
  /** Latitude then longitude of each address, one after the other. */
  readonly points: readonly number[]
}

/** The plan of the whole address file, of 12,000 points at most, evenly left out beyond; undefined when nothing in it has a place. */
export async function planDeCommune(lire: Lire, collectiviteId: string): Promise<PlanDeCommune | undefined> {
  const centre = await centreDe(lire, collectiviteId)
  if (!centre) return undefined
  const voies = await lire(sql<Point & { nom: string }>`
    select v.nom, coalesce(v.lat, avg(n.lat)) as lat, coalesce(v.lon, avg(n.lon)) as lon
    from voie_locale v left join numero_local n on n.collectivite_id = v.collectivite_id and n.voie_id = v.id
    where v.collectivite_id = ${collectiviteId} group by v.collectivite_id, v.id having coalesce(v.lat, avg(n.lat)) is not null order by v.id limit ${POINTS}`)
  const points = await lire(sql<Point>`
    select lat, lon from (
      select lat, lon, row_number() over (order by voie_id, numero, suffixe) as rang, count(*) over () as total
      from numero_local where collectivite_id = ${collectiviteId} and lat is not null and lon is not null) tous
    where rang % greatest(1, ceil(total / ${POINTS}::numeric)) = 0`)
  const [lat0, lon0] = [Math.floor(centre.lat * 1e5), Math.floor(centre.lon * 1e5)]
  const from = ({ lat, lon }: Point): [number, number] => [Math.round(lat * 1e5) - lat0, Math.round(lon * 1e5) - lon0]
  return {
    centre: [centre.lat, centre.lon],
    origine: [lat0 / 1e5, lon0 / 1e5],
    voies: voies.map(voie => [voie.nom, ...from(voie)]),
    points: points.flatMap(from),
  }
}
