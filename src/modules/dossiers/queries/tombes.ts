import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** The tombstones of a collectivité, whole rows, by the number of the dossier that each one is about. */
export async function tombes(tx: Tx, collectiviteId: string): Promise<ReadonlyMap<string, unknown>> {
  const { rows } = await sql<{ id: string; tombe: unknown }>`select dossier_id as id, to_jsonb(t) as tombe from tombe t
    where collectivite_id = ${collectiviteId}`.execute(tx)
  return new Map(rows.map(({ id, tombe }) => [id, tombe]))
}
