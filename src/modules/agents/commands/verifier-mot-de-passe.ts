import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { record } from '../../../platform/audit/journal.ts'
import { takeAttempt } from '../../../platform/auth/attempts.ts'
import { isPassword } from '../../../platform/auth/password.ts'
import { openSession } from '../../../platform/auth/sessions.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { CookieChange } from '../../../platform/http/route.ts'
import { hashOf } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { refusals } from '../refusals.ts'
import type { AgentRow } from '../tables.ts'

/** The counter of attempts of an account; of a hash, since what is typed is not always an account. */
export const cleDEssais = (courriel: string): string => `agent|${hashOf(courriel).toString('base64url')}`

const FENETRE_MS = 3 * 60_000

/**
 * First factor: opens a session that gives access to nothing but the second one. `courriel` in the form of accounts.
 * Refuses with the same words, after the same work, an address unknown, an account whose invitation was not accepted and a wrong
 * password; refuses the eleventh try within 3 minutes for one address. A refusal is in the journal of the collectivité.
 */
export async function verifierMotDePasse(
  app: App,
  essai: { courriel: string; motDePasse: string; collectiviteId: string; host: string },
): Promise<Result<{ cookie: CookieChange }>> {
  const { courriel, motDePasse, collectiviteId, host } = essai
  if (!(await takeAttempt(app.db, cleDEssais(courriel), 10, FENETRE_MS, app.clock.now()))) return refuse(refusals.trop_d_essais)
  const { rows } = await sql<Pick<AgentRow, 'id' | 'mot_de_passe' | 'totp_secret'>>`
    select id, mot_de_passe, totp_secret from agent where courriel = ${courriel}`.execute(app.db.kysely)
  const agent = rows[0]
  const isRight = await isPassword(motDePasse, agent?.totp_secret ? agent.mot_de_passe : null)
  return inTenant(app.db, collectiviteId, async tx => {
    if (isRight && agent) {
      const { cookie } = await openSession(app, tx, { nature: 'agent', step: 'second-facteur', personneId: agent.id, host })
      return ok({ cookie })
    }
    // Named in the journal only if they work here: the journal of a commune must not tell who works for another.
    const here =
      await sql`select 1 from habilitation where collectivite_id = ${collectiviteId} and agent_id = ${agent?.id ?? null}::uuid limit 1`.execute(
        tx,
      )
    await record(tx, collectiviteId, app.clock.now(), {
      acteur: agent && here.rows.length > 0 ? `agent:${agent.id}` : 'inconnu',
      action: 'agent.connexion_refusee',
      objet: 'mot-de-passe',
      empreinte: app.secrets.sign('connexion', courriel),
    })
    return refuse(refusals.identifiants)
  })
}
