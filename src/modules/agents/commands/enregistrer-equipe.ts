import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { refusals } from '../refusals.ts'
import { noter } from './journal.ts'

/** What an agent changes in the team of a service. `ajoutes` and `retires` are ids of agents. */
export interface ChangementDEquipe {
  readonly collectiviteId: string
  readonly service: string
  /** Null: as it is. */
  readonly reservee: boolean | null
  readonly ajoutes: readonly string[]
  readonly retires: readonly string[]
  readonly par: string
}

/**
 * Keeps the team of a service: only what changes is written, so that two people who add each someone lose nothing. Each act is in the journal.
 * Refuses someone who has no role here, and a reserved team without anybody, whose dossiers nobody could open any more.
 */
export async function enregistrerEquipe(tx: Tx, app: App, changement: ChangementDEquipe): Promise<Result<null>> {
  const { collectiviteId, service, reservee, ajoutes, retires, par } = changement
  const now = app.clock.now()
  // The row of the team is held until the end: two saves of the same team take turns.
  const { rows } = await sql<{ etait: boolean }>`
    insert into equipe (collectivite_id, service, reservee, creee_le) values (${collectiviteId}, ${service}, false, ${now})
    on conflict (collectivite_id, service) do update set service = excluded.service returning reservee as etait`.execute(tx)
  for (const agentId of ajoutes) {
    const added = await sql`insert into equipe_agent (collectivite_id, service, agent_id, ajoute_le)
      select ${collectiviteId}::uuid, ${service}::text, ${agentId}::uuid, ${now}::timestamptz
      where exists (select from habilitation h where h.collectivite_id = ${collectiviteId} and h.agent_id = ${agentId} and h.retiree_le is null)
      on conflict do nothing returning agent_id`.execute(tx)
    if (added.rows.length > 0) await noter(tx, app, collectiviteId, par, 'equipe.ajouter', agentId, { service })
  }
  for (const agentId of retires) {
    const removed =
      await sql`delete from equipe_agent where collectivite_id = ${collectiviteId} and service = ${service} and agent_id = ${agentId}
      returning agent_id`.execute(tx)
    if (removed.rows.length > 0) await noter(tx, app, collectiviteId, par, 'equipe.retirer', agentId, { service })
  }
  const { rows: present } = await sql<{ n: number }>`select count(*)::int as n from equipe_agent m
    where m.collectivite_id = ${collectiviteId} and m.service = ${service}
      and exists (select from habilitation h where h.collectivite_id = ${collectiviteId} and h.agent_id = m.agent_id and h.retiree_le is null)`.execute(
    tx,
  )
  const { etait } = rows[0]!
  const sera = reservee ?? etait
  if (sera && present[0]!.n === 0) return refuse({ ...refusals.equipe_vide, field: 'membres' })
  if (etait !== sera) {
    await sql`update equipe set reservee = ${sera} where collectivite_id = ${collectiviteId} and service = ${service}`.execute(tx)
    await noter(tx, app, collectiviteId, par, sera ? 'equipe.reserver' : 'equipe.ouvrir', par, { service })
  }
  return ok(null)
}
