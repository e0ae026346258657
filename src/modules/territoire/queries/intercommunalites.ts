import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Collectivite } from '../collectivite.ts'
import type { Trouvee } from './chercher.ts'
import { collectiviteParId } from './collectivite.ts'

const COLUMNS = sql.raw(
  'c.id, c.nom, c.chemin, c.hote, c.codes_postaux as "codesPostaux", c.departement_nom as "departementNom", c.nature, null as "trouveePar"',
)

/** The open communes of an EPCI by name, at most `max`, and how many there are. */
export async function communesDe(app: App, epciId: string, max: number): Promise<{ communes: Trouvee[]; total: number }> {
  const { rows } = await sql<Trouvee & { total: number }>`select ${COLUMNS}, count(*) over ()::int as total from collectivite c
    where c.fermee_le is null and c.epci_id = ${epciId} order by c.nom limit ${max}`.execute(app.db.kysely)
  return { communes: rows, total: rows[0]?.total ?? 0 }
}

/** The open EPCI by name, at most `max`. */
export async function intercommunalitesOuvertes(app: App, max: number): Promise<Trouvee[]> {
  const { rows } = await sql<Trouvee>`select ${COLUMNS} from collectivite c
    where c.fermee_le is null and c.nature = 'epci' order by c.nom limit ${max}`.execute(app.db.kysely)
  return rows
}

/** The collectivité that the territory is, when it is one (an EPCI, or a single commune); undefined for a département, a list or the country. */
export async function collectiviteDuTerritoire(app: App): Promise<Collectivite | undefined> {
  const { rows } = await sql<{ id: string }>`select c.id from collectivite c join territoire t on t.code = c.code
    where c.fermee_le is null`.execute(app.db.kysely)
  return rows[0] ? collectiviteParId(app, rows[0].id) : undefined
}
