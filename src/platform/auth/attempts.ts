import { sql } from 'kysely'
import type { Database } from '../db/open.ts'

/**
 * Counts one attempt under a key (strict limits: an account, a dossier's code, an address). In the database, so that
 * every process shares the count. Gives false when more than `max` were made within `windowMs`. Its own statement, kept even when the
 * caller's transaction rolls back.
 */
export async function takeAttempt(db: Database, key: string, max: number, windowMs: number, now: Date): Promise<boolean> {
  const start = new Date(now.getTime() - windowMs)
  const { rows } = await sql<{ nombre: number }>`
    insert into tentative as t (cle, depuis, nombre) values (${key}, ${now}, 1)
    on conflict (cle) do update set
      depuis = case when t.depuis < ${start} then ${now} else t.depuis end,
      nombre = case when t.depuis < ${start} then 1 else t.nombre + 1 end
    returning nombre`.execute(db.kysely)
  return rows[0]!.nombre <= max
}

/** Forgets the attempts of a key, after a success. */
export async function forgetAttempts(db: Database, key: string): Promise<void> {
  await sql`delete from tentative where cle = ${key}`.execute(db.kysely)
}
