import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { closeSessionsOf } from '../../../platform/auth/sessions.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { rolesLus } from '../agent.ts'
import { refusals } from '../refusals.ts'
import { noter } from './journal.ts'
import { accorder } from './preparer-invitation.ts'

/** On whom one acts, where, and who acts. */
export interface Acte {
  readonly agentId: string
  readonly collectiviteId: string
  readonly par: string
}

/**
 * Sets the roles of someone of the team; each takes effect at their next request. Refuses no role at all, someone who is not of the team, and
 * taking the role of administrateur from the last one whose account is open.
 */
export async function changerRoles(tx: Tx, app: App, acte: Acte, choisis: readonly string[]): Promise<Result<null>> {
  const { agentId, collectiviteId, par } = acte
  const roles = rolesLus(choisis)
  if (roles.length === 0) return refuse({ ...refusals.sans_roles, field: 'roles' })
  const present = await rolesPresents(tx, acte)
  if (present.length === 0) return refuse(refusals.sans_role)
  if (!roles.includes('administrateur') && (await estDernierAdministrateur(tx, acte)))
    return refuse({ ...refusals.dernier_administrateur, field: 'roles' })
  await sql`update habilitation set retiree_le = ${app.clock.now()}
    where collectivite_id = ${collectiviteId} and agent_id = ${agentId} and retiree_le is null and role <> all(${roles}::text[])`.execute(
    tx,
  )
  await accorder(tx, app, collectiviteId, agentId, roles, par)
  await noter(tx, app, collectiviteId, par, 'agent.roles', agentId, { avant: present, apres: roles })
  return ok(null)
}

/** Withdraws every role of someone here and closes their sessions. Refuses someone who is not of the team, and the last administrateur whose account is open. */
export async function retirerAcces(tx: Tx, app: App, acte: Acte): Promise<Result<null>> {
  const { agentId, collectiviteId, par } = acte
  const present = await rolesPresents(tx, acte)
  if (present.length === 0) return refuse(refusals.sans_role)
  if (await estDernierAdministrateur(tx, acte)) return refuse(refusals.dernier_administrateur)
  await sql`update habilitation set retiree_le = ${app.clock.now()}
    where collectivite_id = ${collectiviteId} and agent_id = ${agentId} and retiree_le is null`.execute(tx)
  await closeSessionsOf(tx, agentId)
  await noter(tx, app, collectiviteId, par, 'agent.retirer', agentId, { roles: present })
  return ok(null)
}

/** Undoes a withdrawal: the roles withdrawn together at the last one come back. Refuses when the person has access, or never had. */
export async function rendreAcces(tx: Tx, app: App, acte: Acte): Promise<Result<null>> {
  const { agentId, collectiviteId, par } = acte
  if ((await rolesPresents(tx, acte)).length > 0) return refuse(refusals.rien_a_rendre)
  const { rows } = await sql<{ role: string }>`
    update habilitation set retiree_le = null, accordee_le = ${app.clock.now()}, accordee_par = ${par}
    where collectivite_id = ${collectiviteId} and agent_id = ${agentId}
      and retiree_le = (select max(retiree_le) from habilitation where collectivite_id = ${collectiviteId} and agent_id = ${agentId})
    returning role`.execute(tx)
  if (rows.length === 0) return refuse(refusals.sans_role)
  await noter(tx, app, collectiviteId, par, 'agent.rendre', agentId, { roles: rows.map(row => row.role) })
  return ok(null)
}

async function rolesPresents(tx: Tx, { collectiviteId, agentId }: Acte): Promise<string[]> {
  const { rows } = await sql<{ role: string }>`select role from habilitation
    where collectivite_id = ${collectiviteId} and agent_id = ${agentId} and retiree_le is null order by role`.execute(tx)
  return rows.map(row => row.role)
}

// Locks the rows of all administrateurs: two who withdraw each other at the same instant take turns, and the second is refused.
async function estDernierAdministrateur(tx: Tx, { collectiviteId, agentId }: Acte): Promise<boolean> {
  const { rows } = await sql<{ agent_id: string }>`select h.agent_id from habilitation h join agent a on a.id = h.agent_id
    where h.collectivite_id = ${collectiviteId} and h.role = 'administrateur' and h.retiree_le is null and a.totp_secret is not null
    order by h.agent_id for update of h`.execute(tx)
  return rows.some(row => row.agent_id === agentId) && rows.every(row => row.agent_id === agentId)
}
