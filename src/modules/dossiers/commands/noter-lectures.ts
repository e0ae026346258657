import { sql } from 'kysely'
import { payloadHash } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'

/**
 * One entry of the journal for a reading of many dossiers at once (an export, a page of the API): `action` ends with « .lire », the entry keeps
 * the imprint of their ids, and each dossier finds it again. 100,000 dossiers: one entry, one statement a thousand.
 */
export async function noterLectures(
  tx: Tx,
  collectiviteId: string,
  now: Date,
  lecture: { readonly acteur: string; readonly action: `${string}.lire`; readonly objet: string },
  dossierIds: readonly string[],
): Promise<void> {
  if (dossierIds.length === 0) return
  const { rows } = await sql<{
    rang: number
  }>`select journaliser(${collectiviteId}, ${now}, ${lecture.acteur}, ${lecture.action}, ${lecture.objet}, ${payloadHash(dossierIds)}) as rang`.execute(
    tx,
  )
  const rang = rows[0]!.rang
  for (let start = 0; start < dossierIds.length; start += 1000)
    await sql`insert into lecture (collectivite_id, dossier_id, rang)
      select ${collectiviteId}::uuid, id, ${rang}::bigint from unnest(${dossierIds.slice(start, start + 1000)}::uuid[]) as id on conflict do nothing`.execute(
      tx,
    )
}
