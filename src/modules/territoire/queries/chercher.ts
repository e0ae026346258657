import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { cleDeNom } from '../nom.ts'

/** A commune found, and by which of its names when it is not the present one. */
export interface Trouvee {
  readonly id: string
  readonly nom: string
  readonly chemin: string
  readonly hote: string | null
  readonly codesPostaux: readonly string[]
  readonly departementNom: string | null
  readonly trouveePar: string | null
  readonly nature: 'commune' | 'epci'
}

/** Below this likeness (pg_trgm), two names have nothing to do with each other. */
const LIKENESS = 0.3
const AT_MOST = 20

/**
 * Looks for communes by postcode (whole or its beginning) or by name: accents, hyphens, « St » and old names do not matter, and when no name
 * begins so or contains these words, the nearest names are given. At most 20, the best first.
 */
export async function chercherCommunes(app: App, typed: string): Promise<{ trouvees: Trouvee[]; isApproximate: boolean }> {
  const digits = typed.replace(/\s/g, '')
  if (/^\d{2,5}$/.test(digits)) return { trouvees: await parCodePostal(app, digits), isApproximate: false }
  const key = cleDeNom(typed.replace(/\b\d{5}\b/, ''))
  if (key.length < 2) return { trouvees: [], isApproximate: false }
  const exact = await parNom(app, key)
  if (exact.length > 0) return { trouvees: exact, isApproximate: false }
  return { trouvees: await parRessemblance(app, key), isApproximate: true }
}

const COLUMNS = sql.raw(`c.id, c.nom, c.chemin, c.hote, c.codes_postaux as "codesPostaux", c.departement_nom as "departementNom", c.nature`)

async function parCodePostal(app: App, digits: string): Promise<Trouvee[]> {
  const { rows } = await sql<Trouvee>`select ${COLUMNS}, null as "trouveePar" from collectivite c
    where c.fermee_le is null and c.id in (select collectivite_id from code_postal_recherche where code_postal like ${`${digits}%`})
    order by c.population desc nulls last, c.nom limit ${AT_MOST}`.execute(app.db.kysely)
  return rows
}

async function parNom(app: App, key: string): Promise<Trouvee[]> {
  const { rows } = await sql<Trouvee>`select * from (
      select distinct on (c.id) ${COLUMNS}, c.population, case when n.nature = 'actuel' then null else n.nom end as "trouveePar",
        case when n.cle = ${key} then 0 when n.cle like ${`${key}%`} then 1 else 2 end as rang
      from nom_recherche n join collectivite c on c.id = n.collectivite_id
      where c.fermee_le is null and (n.cle like ${`${key}%`} or n.cle like ${`% ${key}%`})
      order by c.id, rang, n.nature
    ) found order by rang, population desc nulls last, nom limit ${AT_MOST}`.execute(app.db.kysely)
  return rows
}

async function parRessemblance(app: App, key: string): Promise<Trouvee[]> {
  const { rows } = await sql<Trouvee>`select * from (
      select distinct on (c.id) ${COLUMNS}, case when n.nature = 'actuel' then null else n.nom end as "trouveePar", n.cle <-> ${key} as gap
      from (select * from nom_recherche order by cle <-> ${key} limit 40) n join collectivite c on c.id = n.collectivite_id
      where c.fermee_le is null and n.cle <-> ${key} < ${1 - LIKENESS}
      order by c.id, gap
    ) found order by gap, nom limit 8`.execute(app.db.kysely)
  return rows
}

/** The communes of an EPCI, or all the open communes by name, for a territory small enough to list (at most `max`). */
export async function communesOuvertes(app: App, max: number): Promise<{ communes: Trouvee[]; total: number }> {
  const { rows } = await sql<Trouvee & { total: number }>`select ${COLUMNS}, null as "trouveePar", count(*) over ()::int as total
    from collectivite c where c.fermee_le is null and c.nature = 'commune' order by c.nom limit ${max}`.execute(app.db.kysely)
  return { communes: rows, total: rows[0]?.total ?? 0 }
}

/** The addresses of the communes where most people live, at most `max`: those most likely to be visited first. None when the database is away. */
export async function cheminsFrequentes(app: App, max: number): Promise<string[]> {
  const { rows } = await sql<{ chemin: string }>`select chemin from collectivite
    where fermee_le is null and nature = 'commune' order by population desc nulls last, id limit ${max}`
    .execute(app.db.kysely)
    .catch(() => ({ rows: [] }))
  return rows.map(({ chemin }) => `/${chemin}`)
}
