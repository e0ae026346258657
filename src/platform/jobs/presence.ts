import type pg from 'pg'
import type { App } from '../app.ts'
import { type Listener, stayConnected } from '../db/notices.ts'
import type { Connection } from '../db/open.ts'

const LOOK_MS = 2000

const keyOf = (name: string) => `hashtextextended('parvis_travaux ' || ${name}, 0)`

// What was in hand is taken again at once; a job that was in hand when several processes ended waits, longer each time, and half a minute at most: it may
// be the one that ends them, or have been there by chance, with somebody who waits for it.
const RELEASE = `with taken as (
    select distinct locked_by as name from graphile_worker._private_jobs
    where locked_by <> all($1::text[]) and locked_at < now() - interval '2 seconds'),
  gone as materialized (select name from taken where pg_try_advisory_xact_lock(${keyOf('name')}))
  update graphile_worker._private_jobs j set locked_by = null, locked_at = null,
    run_at = greatest(run_at, now()) + make_interval(secs => least(exp(least(attempts - 1, 10)) - 1, 30))
  from gone where j.locked_by = gone.name`

/**
 * Says to the other processes, as long as this one lives, that the jobs taken under these names are in hand (a lock of the session, which the
 * server lets go with the connection), and puts back in the queue those of a worker that died. The library alone would leave them for four hours:
 * a document being read when the process is killed could not be filed with before.
 * Looks two seconds after it is connected, and only at jobs taken two seconds ago: after a fall of the database each worker has that time to say
 * that it lives.
 */
export function keepPresence(app: App, connection: Connection, names: readonly string[]): Listener {
  let timer: NodeJS.Timeout | undefined
  const look = async (client: pg.Client) => {
    const { rowCount } = await client.query(RELEASE, [names])
    if (rowCount) app.log.warn({ rendus: rowCount }, 'travaux d’un processus arrêté, remis en file')
  }
  const held = stayConnected(
    connection,
    'parvis_travaux',
    async client => {
      // A machine that vanished without a word is noticed within a minute, not within the two hours of TCP.
      await client.query('set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3')
      for (const name of names) await client.query(`select pg_advisory_lock(${keyOf('$1')})`, [name])
      timer = setInterval(() => void look(client).catch(error => app.log.warn({ err: error }, 'travaux en main non relus')), LOOK_MS)
    },
    () => clearInterval(timer),
  )
  return {
    async close() {
      clearInterval(timer)
      await held.close()
    },
  }
}
