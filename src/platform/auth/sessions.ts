import { sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../db/open.ts'
import type { CookieChange, Visitor } from '../http/route.ts'
import { hashOf, newSecret } from '../ids.ts'
import type { Secrets } from '../secrets.ts'

/** A session as the database knows it. */
export type Session = Visitor

const MINUTE_MS = 60_000
// Agents: idle 30 min, 12 h in all. Residents: idle 1 h, except that an unfinished draft keeps its own code.
const LIMITS = {
  agent: { idleMs: 30 * MINUTE_MS, absoluteMs: 12 * 60 * MINUTE_MS },
  usager: { idleMs: 60 * MINUTE_MS, absoluteMs: 24 * 60 * MINUTE_MS },
}

/** The cookie of a nature of session; `__Host-` wherever the browser allows it (not on plain http of this machine). */
export function sessionCookieName(app: Pick<App, 'origin'>, nature: 'usager' | 'agent'): string {
  const prefix = app.origin.startsWith('https:') ? '__Host-' : ''
  return nature === 'agent' ? `${prefix}parvis-agent` : `${prefix}parvis`
}

/** Reads a session by the hash of its secret: same nature, same host, neither idle nor too old. Marks it as seen once a minute. */
export async function sessionOf(app: App, nature: 'usager' | 'agent', hash: Buffer, host: string): Promise<Session | undefined> {
  const now = app.clock.now()
  const limits = LIMITS[nature]
  const { rows } = await sql<{ etape: Session['step']; personne_id: string | null; vue_le: Date }>`
    select etape, personne_id, vue_le from session where empreinte = ${hash} and nature = ${nature} and hote = ${host}
      and vue_le > ${new Date(now.getTime() - limits.idleMs)} and creee_le > ${new Date(now.getTime() - limits.absoluteMs)}`.execute(
    app.db.kysely,
  )
  const row = rows[0]
  if (!row) return undefined
  if (now.getTime() - row.vue_le.getTime() > MINUTE_MS) {
    await sql`update session set vue_le = ${now} where empreinte = ${hash}`.execute(app.db.kysely)
  }
  return { sessionHash: hash, nature, step: row.etape, personneId: row.personne_id }
}

/**
 * `secret` (made by sealedSecret) may be given when the same request, sent again after a cut, must give the same cookie again.
 * Opens a session and gives the cookie to set. A new one is opened at sign-in and at the second factor: an id never survives a change of rights. */
export async function openSession(
  app: App,
  tx: Tx,
  session: { nature: 'usager' | 'agent'; step?: Session['step']; personneId?: string; host: string; secret?: string },
): Promise<{ sessionHash: Buffer; cookie: CookieChange }> {
  const secret = session.secret ?? sealedSecret(app.secrets, newSecret())
  const sessionHash = hashOf(secret)
  const now = app.clock.now()
  await sql`insert into session (empreinte, nature, etape, personne_id, hote, creee_le, vue_le)
    values (${sessionHash}, ${session.nature}, ${session.step ?? 'ouverte'}, ${session.personneId ?? null}, ${session.host}, ${now}, ${now})`.execute(
    tx,
  )
  return { sessionHash, cookie: { name: sessionCookieName(app, session.nature), value: secret } }
}

const SEAL = 'session'
const SEAL_CHARACTERS = 32

/** The secret of a session: what was drawn, and a seal that tells it from an invented one (isOwnCookie). */
export const sealedSecret = (secrets: Secrets, drawn: string): string => `${drawn}${secrets.sign(SEAL, drawn)}`

/** Whether a cookie was given by this installation, without asking the database: what a busy server can afford to know. It may have ended since. */
export const isOwnCookie = (secrets: Secrets, value: string): boolean =>
  value.length > SEAL_CHARACTERS &&
  value.length < 200 &&
  secrets.isSigned(SEAL, value.slice(0, -SEAL_CHARACTERS), value.slice(-SEAL_CHARACTERS))

/** Closes a session. */
export async function closeSession(tx: Tx, sessionHash: Buffer): Promise<void> {
  await sql`delete from session where empreinte = ${sessionHash}`.execute(tx)
}

/** Closes all the sessions of a person: a change of password, a recovery, a role withdrawn. */
export async function closeSessionsOf(tx: Tx, personneId: string): Promise<void> {
  await sql`delete from session where personne_id = ${personneId}`.execute(tx)
}

/** Forgets the sessions that nobody can use any more. Gives how many. */
export async function sweepSessions(tx: Tx, now: Date): Promise<number> {
  const result = await sql`delete from session where vue_le < ${new Date(now.getTime() - LIMITS.agent.absoluteMs)}
    or creee_le < ${new Date(now.getTime() - LIMITS.usager.absoluteMs)}`.execute(tx)
  return Number(result.numAffectedRows ?? 0)
}
