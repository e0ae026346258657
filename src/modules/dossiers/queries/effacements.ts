import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** What an administrator sees of erasures: counts only, no dossier. */
export interface Effacements {
  readonly caches: number
  readonly geles: number
  /** By month (`YYYY-MM`) and cause, the latest first: the last twelve months that have some. */
  readonly effaces: readonly { readonly mois: string; readonly cause: string; readonly nombre: number }[]
}

/** The counts of erasures of a collectivité. */
export async function effacementsDe(tx: Tx, collectiviteId: string, depuis: Date): Promise<Effacements> {
  const waiting = await sql<{ caches: number; geles: number }>`select
      (select count(*)::int from dossier where collectivite_id = ${collectiviteId} and cache_le is not null) as caches,
      (select count(*)::int from dossier where collectivite_id = ${collectiviteId} and gel_motif is not null) as geles`.execute(tx)
  const { rows } = await sql<{
    mois: string
    cause: string
    nombre: number
  }>`select to_char(efface_le, 'YYYY-MM') as mois, cause, count(*)::int as nombre from tombe
    where collectivite_id = ${collectiviteId} and efface_le > ${depuis} group by 1, 2 order by 1 desc, 2`.execute(tx)
  return { ...(waiting.rows[0] ?? { caches: 0, geles: 0 }), effaces: rows }
}
