import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import type { Atelier } from './copie.ts'

/** Removes a démarche that was never published, and what was written for it; gives false, and removes nothing, when it was published. */
export async function supprimerDemarche(app: App, tx: Tx, { collectiviteId, demarcheId, agentId }: Atelier): Promise<boolean> {
  const { rows } =
    await sql`select 1 from demarche where collectivite_id = ${collectiviteId} and id = ${demarcheId} and revision = 0`.execute(tx)
  if (rows.length === 0) return false
  await sql`delete from demarche where collectivite_id = ${collectiviteId} and id = ${demarcheId} and revision = 0`.execute(tx)
  await record(tx, collectiviteId, app.clock.now(), {
    acteur: `agent:${agentId}`,
    action: 'demarche.supprimer',
    objet: `demarche:${demarcheId}`,
    empreinte: payloadHash({}),
  })
  return true
}
