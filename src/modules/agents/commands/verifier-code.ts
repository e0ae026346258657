import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { forgetAttempts, takeAttempt } from '../../../platform/auth/attempts.ts'
import { closeSession, openSession } from '../../../platform/auth/sessions.ts'
import { acceptedTotpStep } from '../../../platform/auth/totp.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import type { CookieChange, Visitor } from '../../../platform/http/route.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { refusals } from '../refusals.ts'
import type { AgentRow } from '../tables.ts'
import { noter } from './journal.ts'
import { cleDEssais } from './verifier-mot-de-passe.ts'

/** What seals the secrets of second factors in the database. */
export const SCEAU_TOTP = 'totp'

// 10 in 3 minutes alone would let 4,800 codes be tried a day by whoever has the password: 50 leaves them one chance in 10,000.
const LIMITES = [
  { suffixe: '', max: 10, fenetreMs: 3 * 60_000, refusal: refusals.trop_d_essais },
  { suffixe: '|jour', max: 50, fenetreMs: 24 * 3_600_000, refusal: refusals.trop_de_codes },
]

/**
 * Second factor: replaces the session by one that is open. A code serves once (RFC 6238 §5.2).
 * Refuses a wrong, outdated or used code, and too many tries. Success and refusal are in the journal of the collectivité.
 */
export async function verifierCode(
  app: App,
  essai: { session: Visitor; code: string; collectiviteId: string; host: string },
): Promise<Result<{ cookie: CookieChange; agentId: string }>> {
  const { session, code, collectiviteId, host } = essai
  const now = app.clock.now()
  const { rows } =
    await sql<AgentRow>`select id, courriel, totp_secret, totp_dernier_pas from agent where id = ${session.personneId}`.execute(
      app.db.kysely,
    )
  const agent = rows[0]
  if (!agent?.totp_secret || session.step !== 'second-facteur') return refuse(refusals.session)
  for (const { suffixe, max, fenetreMs, refusal } of LIMITES) {
    if (!(await takeAttempt(app.db, cleDeCodes(agent.id) + suffixe, max, fenetreMs, now))) return refuse(refusal)
  }
  const step = acceptedTotpStep(app.secrets.unseal(SCEAU_TOTP, agent.totp_secret), code, now, agent.totp_dernier_pas)
  const result = await inTenant(app.db, collectiviteId, async tx => {
    if (step === undefined || !(await consommer(tx, agent.id, step))) {
      await noter(tx, app, collectiviteId, agent.id, 'agent.code_refuse', agent.id)
      return refuse(refusals.code)
    }
    await closeSession(tx, session.sessionHash)
    const { cookie } = await openSession(app, tx, { nature: 'agent', personneId: agent.id, host })
    await noter(tx, app, collectiviteId, agent.id, 'agent.connexion', agent.id)
    return ok({ cookie, agentId: agent.id })
  })
  if (result.ok) {
    for (const key of [cleDEssais(agent.courriel), ...LIMITES.map(({ suffixe }) => cleDeCodes(agent.id) + suffixe)])
      await forgetAttempts(app.db, key)
  }
  return result
}

const cleDeCodes = (agentId: string): string => `agent-code|${agentId}`

// Two sendings of one code at the same instant: the row's condition lets one through.
async function consommer(tx: Tx, agentId: string, step: number): Promise<boolean> {
  const result = await sql`update agent set totp_dernier_pas = ${step} where id = ${agentId} and totp_dernier_pas < ${step}`.execute(tx)
  return result.numAffectedRows === 1n
}
