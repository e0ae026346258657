import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import type { Collectivite, Reglage } from '../collectivite.ts'
import type { CollectiviteRow, ReglageRow } from '../tables.ts'

const COLUMNS = sql.raw(
  'c.id, c.nature, c.nom, c.chemin, c.code, c.siren, c.codes_postaux, c.population, c.epci_id, c.epci_code, c.epci_nom, c.departement, c.departement_nom, c.region, c.hote, c.fermee_le, r.chemin as remplacee_par',
)

/** The open collectivité of an address segment; undefined when there is none. Kept in memory until it changes. */
export function collectiviteDuChemin(app: App, chemin: string): Promise<Collectivite | undefined> {
  if (!/^[a-z0-9-]{1,100}$/.test(chemin)) return Promise.resolve(undefined)
  return app.cache.remember(
    `chemin|${chemin}`,
    found => found?.id ?? '*',
    async () => {
      const { rows } =
        await sql<CollectiviteRow>`select ${COLUMNS} from collectivite c left join collectivite r on r.id = c.remplacee_par where c.chemin = ${chemin}`.execute(
          app.db.kysely,
        )
      return rows[0] ? complete(app, rows[0]) : undefined
    },
  )
}

/**
 * A collectivité by its id; throws when it does not exist, since ids come from our own rows. Within a transaction of this collectivité, give it:
 * waiting for a second connection while holding one stops everything when all the others do the same.
 */
export function collectiviteParId(app: App, id: string, tx?: Tx): Promise<Collectivite> {
  return app.cache.remember(
    `id|${id}`,
    () => id,
    async () => {
      const { rows } =
        await sql<CollectiviteRow>`select ${COLUMNS} from collectivite c left join collectivite r on r.id = c.remplacee_par where c.id = ${id}`.execute(
          tx ?? app.db.kysely,
        )
      if (!rows[0]) throw new Error(`collectivité ${id} unknown`)
      return complete(app, rows[0], tx)
    },
  )
}

const NOTHING: Reglage = {
  adresse: null,
  codePostal: null,
  ville: null,
  telephone: null,
  courriel: null,
  horaires: null,
  site: null,
  couleur: null,
  logo: null,
}

async function complete(app: App, row: CollectiviteRow, given?: Tx): Promise<Collectivite> {
  const within = <T>(work: (tx: Tx) => Promise<T>) => (given ? work(given) : inTenant(app.db, row.id, work))
  const reglage = await within(async tx => {
    const { rows } = await sql<ReglageRow>`select adresse, code_postal, ville, telephone, courriel, horaires, site, couleur, logo
      from reglage where collectivite_id = ${row.id}`.execute(tx)
    const found = rows[0]
    if (!found) return NOTHING
    const { code_postal, ...same } = found
    return { ...same, codePostal: code_postal }
  })
  const https = app.origin.startsWith('https:')
  return {
    id: row.id,
    nature: row.nature,
    nom: row.nom,
    chemin: row.chemin,
    base: row.hote ? '' : `/${row.chemin}`,
    address: row.hote ? `${https ? 'https' : 'http'}://${row.hote}` : `${app.origin}/${row.chemin}`,
    code: row.code,
    siren: row.siren,
    codesPostaux: row.codes_postaux,
    population: row.population,
    epciId: row.epci_id,
    epciCode: row.epci_code,
    epciNom: row.epci_nom,
    departement: row.departement,
    departementNom: row.departement_nom,
    region: row.region,
    hote: row.hote,
    remplaceePar: row.remplacee_par,
    reglage,
  }
}

/** The territory of this installation; undefined before it is opened. */
export interface Territoire {
  readonly nom: string
  readonly code: string
  readonly demonstration: boolean
  /** The collectivité that carries what is shared, and offers templates to the others; null until one is named. */
  readonly porteurId: string | null
}

/** What this installation serves. */
export function leTerritoire(app: App): Promise<Territoire | undefined> {
  return app.cache.remember(
    'territoire',
    () => '*',
    async () => {
      const { rows } = await sql<Territoire>`select nom, code, demonstration, porteur_id as "porteurId" from territoire`.execute(
        app.db.kysely,
      )
      return rows[0]
    },
  )
}

/** The collectivités with a host name of their own: host → address segment. */
export async function hotesConfigures(app: App): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ hote: string; chemin: string }>`select hote, chemin from collectivite where hote is not null`.execute(
    app.db.kysely,
  )
  return new Map(rows.map(row => [row.hote, row.chemin]))
}
