import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { courrielDeCompte } from '../agent.ts'

/** Whether an account has this e-mail address. */
export async function agentConnu(app: App, courriel: string): Promise<boolean> {
  const { rows } = await sql`select 1 from agent where courriel = ${courrielDeCompte(courriel)}`.execute(app.db.kysely)
  return rows.length > 0
}
