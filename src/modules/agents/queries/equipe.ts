import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** Someone of the team. `roles` is empty when the access was withdrawn. */
export interface Membre {
  readonly id: string
  readonly nom: string
  readonly courriel: string
  readonly roles: readonly string[]
  readonly hasAccount: boolean
  readonly invitationExpireLe: Date | null
  readonly retireLe: Date | null
}

/** The agents of a collectivité by name, those whose access was withdrawn after `depuis` included. */
export async function equipe(tx: Tx, collectiviteId: string, depuis: Date): Promise<Membre[]> {
  const { rows } =
    await sql<Membre>`select * from (${membres(collectiviteId)}) m where cardinality(roles) > 0 or "retireLe" > ${depuis} order by nom, courriel`.execute(
      tx,
    )
  return rows
}

/** One agent of a collectivité, withdrawn or not; undefined when they never were of the team. */
export async function membreDeLEquipe(tx: Tx, collectiviteId: string, agentId: string): Promise<Membre | undefined> {
  const { rows } = await sql<Membre>`select * from (${membres(collectiviteId)}) m where id = ${agentId}`.execute(tx)
  return rows[0]
}

const membres = (collectiviteId: string) => sql`select a.id, a.nom, a.courriel, a.totp_secret is not null as "hasAccount",
  a.invitation_expire_le as "invitationExpireLe", max(h.retiree_le) as "retireLe",
  coalesce(array_agg(h.role order by h.role) filter (where h.retiree_le is null), '{}') as roles
  from habilitation h join agent a on a.id = h.agent_id where h.collectivite_id = ${collectiviteId} group by a.id`
