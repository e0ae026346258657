import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Cas } from './instruire.ts'

/** Follows a dossier, or no more: the agent's own note to themselves, so no event. */
export async function suivre({ app, tx, collectivite, dossier, auteur }: Cas, suit: boolean): Promise<void> {
  if (suit)
    await sql`insert into suivi_agent (collectivite_id, agent_id, dossier_id, depuis)
      values (${collectivite.id}, ${auteur.id}, ${dossier.id}, ${app.clock.now()}) on conflict do nothing`.execute(tx)
  else
    await sql`delete from suivi_agent where collectivite_id = ${collectivite.id} and agent_id = ${auteur.id} and dossier_id = ${dossier.id}`.execute(
      tx,
    )
}

/** Whether an agent follows a dossier. */
export async function estSuivi(tx: Tx, collectiviteId: string, agentId: string, dossierId: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from suivi_agent where collectivite_id = ${collectiviteId} and agent_id = ${agentId} and dossier_id = ${dossierId}`.execute(
      tx,
    )
  return rows.length > 0
}
