import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** The labels that a list may be filtered by: those proposed, by name; as many as one drop-down list holds. */
export async function etiquettesDeListe(tx: Tx, collectiviteId: string): Promise<{ id: string; nom: string }[]> {
  const { rows } = await sql<{ id: string; nom: string }>`select id, nom from etiquette
    where collectivite_id = ${collectiviteId} and est_proposee order by nom, id limit 48`.execute(tx)
  return rows
}

/** The name of a label, proposed or not; undefined when there is none of that id. */
export async function etiquetteParId(tx: Tx, collectiviteId: string, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ nom: string }>`select nom from etiquette where collectivite_id = ${collectiviteId} and id = ${id}`.execute(
    tx,
  )
  return rows[0]?.nom
}
