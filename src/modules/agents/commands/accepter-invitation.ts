import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { takeAttempt } from '../../../platform/auth/attempts.ts'
import { hashPassword } from '../../../platform/auth/password.ts'
import { closeSessionsOf, openSession } from '../../../platform/auth/sessions.ts'
import { acceptedTotpStep } from '../../../platform/auth/totp.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import type { CookieChange } from '../../../platform/http/route.ts'
import { hashOf } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { problemeDuMotDePasse } from '../mot-de-passe.ts'
import { invitationOuverte } from '../queries/invitation.ts'
import { refusals } from '../refusals.ts'
import { noter } from './journal.ts'
import { SCEAU_TOTP } from './verifier-code.ts'

/**
 * The secret of the second factor that an invitation proposes: drawn from the link and the installation's key, so that the page can show it as often
 * as it is loaded and nothing is stored before the first right code. 160 bits (RFC 4226 §4 R6).
 */
export const secretPropose = (app: App, jeton: string): Buffer =>
  Buffer.from(app.secrets.sign('totp-propose', jeton), 'base64url').subarray(0, 20)

/** First page of an invitation: keeps the password chosen. Refuses a dead link, and a password too short, too common, or that is the address. */
export async function choisirMotDePasse(
  app: App,
  choix: { jeton: string; motDePasse: string; collectiviteId: string },
): Promise<Result<null>> {
  const { jeton, motDePasse, collectiviteId } = choix
  const invitation = await invitationOuverte(app, collectiviteId, jeton)
  if (!invitation) return refuse(refusals.invitation)
  const probleme = problemeDuMotDePasse(motDePasse, invitation.courriel)
  if (probleme) return refuse({ ...probleme, field: 'mot_de_passe' })
  const hash = await hashPassword(motDePasse)
  return inTenant(app.db, collectiviteId, async tx => {
    const result =
      await sql`update agent set mot_de_passe = ${hash} where id = ${invitation.agentId} and invitation_empreinte = ${hashOf(jeton)}`.execute(
        tx,
      )
    if (result.numAffectedRows !== 1n) return refuse(refusals.invitation)
    await closeSessionsOf(tx, invitation.agentId)
    await noter(tx, app, collectiviteId, invitation.agentId, 'agent.mot_de_passe', invitation.agentId)
    return ok(null)
  })
}

/**
 * Last page: a first right code proves that the application knows the secret. The account is open, the link is dead, a session begins.
 * In the caller's transaction. Refuses a dead link and a wrong code.
 */
export async function confirmerSecondFacteur(
  tx: Tx,
  app: App,
  essai: { jeton: string; code: string; collectiviteId: string; host: string },
): Promise<Result<{ cookie: CookieChange }>> {
  const { jeton, code, collectiviteId, host } = essai
  const now = app.clock.now()
  const empreinte = hashOf(jeton)
  const secret = secretPropose(app, jeton)
  const step = acceptedTotpStep(secret, code, now, 0)
  if (step === undefined) return refuse({ ...refusals.code, field: 'code' })
  const { rows } = await sql<{ id: string }>`
    update agent set totp_secret = ${app.secrets.seal(SCEAU_TOTP, secret)}, totp_dernier_pas = ${step}, invitation_empreinte = null, invitation_expire_le = null
    where invitation_empreinte = ${empreinte} and invitation_expire_le > ${now} and mot_de_passe is not null
      and exists (select 1 from habilitation h where h.collectivite_id = ${collectiviteId} and h.agent_id = agent.id and h.retiree_le is null)
    returning id`.execute(tx)
  const agentId = rows[0]?.id
  if (!agentId) return refuse(refusals.invitation)
  await closeSessionsOf(tx, agentId)
  const { cookie } = await openSession(app, tx, { nature: 'agent', personneId: agentId, host })
  await noter(tx, app, collectiviteId, agentId, 'agent.invitation_acceptee', agentId)
  return ok({ cookie })
}

/** Counts a try of a first code, outside any transaction. Refuses the eleventh within 3 minutes for one link. */
export async function compterEssai(app: App, jeton: string): Promise<Result<null>> {
  const isFree = await takeAttempt(app.db, `invitation|${hashOf(jeton).toString('base64url')}`, 10, 3 * 60_000, app.clock.now())
  return isFree ? ok(null) : refuse(refusals.trop_d_essais)
}
