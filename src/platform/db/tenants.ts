import { sql } from 'kysely'
import { type Database, inTenant, type Tx } from './open.ts'

/**
 * Runs `work` in every collectivité in turn, closed ones included, each in its own transaction: what a daily purge needs, since no
 * transaction sees two tenants. The first failure stops it: the job that called is tried again, and must bear being repeated.
 */
export async function inEachTenant(db: Database, work: (tx: Tx, collectiviteId: string) => Promise<void>): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from collectivite order by id`.execute(db.kysely)
  for (const { id } of rows) await inTenant(db, id, tx => work(tx, id))
}
