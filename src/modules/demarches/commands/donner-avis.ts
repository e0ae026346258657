import { sql } from 'kysely'
import { announceChange } from '../../../platform/db/notices.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'

/**
 * Keeps what a person thinks: a mark from 1 to 5 and a sentence, on the day (`YYYY-MM-DD`, without the hour, which would tell who). One
 * opinion a dossier and a moment: a second one replaces the first.
 */
export async function donnerAvis(
  tx: Tx,
  lieu: { readonly collectiviteId: string; readonly demarcheId: string; readonly dossierId: string },
  avis: { readonly moment: 'depot' | 'decision'; readonly note: number; readonly phrase: string; readonly le: string },
): Promise<void> {
  const { collectiviteId, demarcheId, dossierId } = lieu
  await sql`insert into avis (collectivite_id, id, demarche_id, dossier_id, moment, note, phrase, le)
    values (${collectiviteId}, ${newId()}, ${demarcheId}, ${dossierId}, ${avis.moment}, ${avis.note}, ${avis.phrase || null}, ${avis.le})
    on conflict (collectivite_id, dossier_id, moment) do update set note = excluded.note, phrase = excluded.phrase, le = excluded.le`.execute(
    tx,
  )
  await announceChange(tx, collectiviteId)
}
