import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Tone } from '../../../ui/index.ts'

/** A label of a collectivité. */
export interface Etiquette {
  readonly id: string
  readonly nom: string
  readonly ton: Tone
  readonly delaiJours: number | null
  readonly enJoursOuvres: boolean
  readonly estProposee: boolean
}

const COLUMNS = sql.raw(
  'e.id, e.nom, e.ton, e.delai_jours as "delaiJours", e.en_jours_ouvres as "enJoursOuvres", e.est_proposee as "estProposee"',
)

/** The labels of a collectivité, those proposed first, by name. */
export async function etiquettesDe(tx: Tx, collectiviteId: string): Promise<Etiquette[]> {
  const { rows } = await sql<Etiquette>`select ${COLUMNS} from etiquette e where e.collectivite_id = ${collectiviteId}
    order by e.est_proposee desc, e.nom, e.id limit 200`.execute(tx)
  return rows
}

/** One label; undefined when there is none of that id. */
export async function etiquetteDe(tx: Tx, collectiviteId: string, id: string): Promise<Etiquette | undefined> {
  const { rows } =
    await sql<Etiquette>`select ${COLUMNS} from etiquette e where e.collectivite_id = ${collectiviteId} and e.id = ${id}`.execute(tx)
  return rows[0]
}

/** The labels of a dossier, with the day on which each is due (`YYYY-MM-DD`), the nearest first. */
export async function etiquettesDuDossier(
  tx: Tx,
  collectiviteId: string,
  dossierId: string,
): Promise<(Pick<Etiquette, 'id' | 'nom' | 'ton'> & { readonly echeance: string | null })[]> {
  const { rows } = await sql<Etiquette & { echeance: string | null }>`select e.id, e.nom, e.ton, l.echeance from dossier_etiquette l
    join etiquette e on e.collectivite_id = ${collectiviteId} and e.id = l.etiquette_id
    where l.collectivite_id = ${collectiviteId} and l.dossier_id = ${dossierId} order by l.echeance nulls last, e.nom`.execute(tx)
  return rows
}
