import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** The dossiers about which the last message to an address did not arrive, the latest first, a thousand at most: somebody must reach the person otherwise. */
export async function dossiersNonJoints(tx: Tx, collectiviteId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.dossier_id as id from envoi e where e.collectivite_id = ${collectiviteId} and e.etat = 'refuse' and e.dossier_id is not null and e.rattrape_le is null
      and not exists (select from envoi later where later.collectivite_id = ${collectiviteId} and later.dossier_id = e.dossier_id and later.destinataire = e.destinataire and later.id > e.id and later.etat <> 'refuse')
    group by e.dossier_id order by max(e.id::text) desc limit 1000`.execute(tx)
  return rows.map(({ id }) => id)
}
