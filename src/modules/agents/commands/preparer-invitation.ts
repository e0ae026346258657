import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { hashOf, newId, newSecret } from '../../../platform/ids.ts'
import { isPlainAddress } from '../../../platform/mail/message.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { collectiviteParId } from '../../territoire/index.ts'
import { courrielDeCompte, INVITATION_HEURES, type Role, rolesLus } from '../agent.ts'
import { refusals } from '../refusals.ts'
import { noter } from './journal.ts'

/** Whom to invite, with which roles, and who invites (null: the command line). */
export interface Invitation {
  readonly courriel: string
  readonly nom: string
  readonly roles: readonly string[]
  readonly collectiviteId: string
  readonly par: string | null
  /** Gives a link to someone whose account is open: they lost their second factor. The command line only. */
  readonly reinitialiser?: boolean | undefined
}

/** `lien` is null when the person already has an open account: the roles are enough. */
export interface Invite {
  readonly agentId: string
  readonly lien: string | null
}

/**
 * Gives a person their roles in a collectivité and, if their account is not open yet, a link valid for 72 h to open it; a new link
 * replaces the former. Sends nothing: see inviterAgent. Refuses an ill-written address, no name, no role, and someone already in the team.
 */
export async function preparerInvitation(tx: Tx, app: App, invitation: Invitation): Promise<Result<Invite>> {
  const { collectiviteId, par } = invitation
  const courriel = courrielDeCompte(invitation.courriel)
  const roles = rolesLus(invitation.roles)
  if (!isPlainAddress(courriel)) return refuse({ ...refusals.courriel, field: 'courriel' })
  if (invitation.nom.trim() === '') return refuse({ ...refusals.nom, field: 'nom' })
  if (roles.length === 0) return refuse({ ...refusals.sans_roles, field: 'roles' })
  const { rows } = await sql<{ id: string; isOpen: boolean }>`
    insert into agent (id, courriel, nom, cree_le) values (${newId()}, ${courriel}, ${invitation.nom.trim()}, ${app.clock.now()})
    on conflict (courriel) do update set courriel = excluded.courriel returning id, totp_secret is not null as "isOpen"`.execute(tx)
  const agent = rows[0]!
  const known =
    await sql`select 1 from habilitation where collectivite_id = ${collectiviteId} and agent_id = ${agent.id} and retiree_le is null`.execute(
      tx,
    )
  if (known.rows.length > 0 && !invitation.reinitialiser) return refuse({ ...refusals.deja_dans_l_equipe, field: 'courriel' })
  // Who comes back is of the teams of services again when somebody says so, not since they once were.
  if (known.rows.length === 0)
    await sql`delete from equipe_agent where collectivite_id = ${collectiviteId} and agent_id = ${agent.id}`.execute(tx)
  await accorder(tx, app, collectiviteId, agent.id, roles, par)
  const needsLink = !agent.isOpen || invitation.reinitialiser === true
  await noter(tx, app, collectiviteId, par, agent.isOpen && needsLink ? 'agent.reinitialiser' : 'agent.inviter', agent.id, { roles })
  return ok({ agentId: agent.id, lien: needsLink ? await nouveauLien(tx, app, collectiviteId, agent.id) : null })
}

/** Gives roles, again if they were withdrawn. */
export async function accorder(
  tx: Tx,
  app: App,
  collectiviteId: string,
  agentId: string,
  roles: readonly Role[],
  par: string | null,
): Promise<void> {
  await sql`insert into habilitation (collectivite_id, agent_id, role, accordee_le, accordee_par)
    select ${collectiviteId}::uuid, ${agentId}::uuid, role, ${app.clock.now()}::timestamptz, ${par}::uuid from unnest(${roles}::text[]) as role
    on conflict (collectivite_id, agent_id, role) do update
      set retiree_le = null, accordee_le = excluded.accordee_le, accordee_par = excluded.accordee_par
      where habilitation.retiree_le is not null`.execute(tx)
}

/** Makes the link by which a person opens their account; the database keeps its hash only, and forgets the former. */
export async function nouveauLien(tx: Tx, app: App, collectiviteId: string, agentId: string): Promise<string> {
  const jeton = newSecret()
  const expire = new Date(app.clock.now().getTime() + INVITATION_HEURES * 3_600_000)
  await sql`update agent set invitation_empreinte = ${hashOf(jeton)}, invitation_expire_le = ${expire} where id = ${agentId}`.execute(tx)
  const { address } = await collectiviteParId(app, collectiviteId, tx)
  return `${address}/agent/invitation/${jeton}`
}
