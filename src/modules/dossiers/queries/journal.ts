import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** An entry of the journal as the driver gives it. */
export interface EntreeDuJournal {
  readonly rang: number
  readonly le: Date
  readonly acteur: string
  readonly action: string
  readonly objet: string
}

/** One page (from 1) of the journal of a collectivité, newest first, and how many entries there are. Ranks have no hole: a page is found by its ranks. */
export async function pageDuJournal(
  tx: Tx,
  collectiviteId: string,
  page: number,
  parPage: number,
): Promise<{ entrees: EntreeDuJournal[]; total: number }> {
  const head = await sql<{ rang: number }>`select rang from journal_tete where collectivite_id = ${collectiviteId}`.execute(tx)
  const total = head.rows[0]?.rang ?? 0
  const last = total - (page - 1) * parPage
  const { rows } = await sql<EntreeDuJournal>`select rang, le, acteur, action, objet from journal
    where collectivite_id = ${collectiviteId} and rang <= ${last} and rang > ${last - parPage} order by rang desc`.execute(tx)
  return { entrees: rows, total }
}

/** The references of some dossiers: id → reference. */
export async function referencesDesDossiers(tx: Tx, collectiviteId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; reference: string }>`select id, reference from dossier
    where collectivite_id = ${collectiviteId} and id = any(${[...new Set(ids)]}::uuid[])`.execute(tx)
  return new Map(rows.map(({ id, reference }) => [id, reference]))
}
