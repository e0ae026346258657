import { sql } from 'kysely'
import type { Clock } from '../../../platform/clock.ts'
import type { Tx } from '../../../platform/db/open.ts'

/** An address to which messages about a dossier did not arrive, and that nobody has to reach any more: it was corrected, or what was asked there was withdrawn. */
export async function noterRattrapes(
  tx: Tx,
  clock: Clock,
  { collectiviteId, dossierId, adresse }: { readonly collectiviteId: string; readonly dossierId: string; readonly adresse: string },
): Promise<void> {
  await sql`update envoi set rattrape_le = ${clock.now()} where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId}
    and destinataire = ${adresse} and etat = 'refuse' and rattrape_le is null`.execute(tx)
}
