import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { type Connection, clientConfig, type Tx } from './open.ts'

/** Says, when the transaction commits, that the public pages of a collectivité changed ('*': of the whole territory). */
export async function announceChange(tx: Tx, collectiviteId: string): Promise<void> {
  await sql`select pg_notify('parvis_changement', ${collectiviteId})`.execute(tx)
}

/** Hears the changes announced by every process. */
export interface Listener {
  close(): Promise<void>
}

/**
 * Calls `onChange` at each notice. `onState` tells when notices are being heard and when they are not:
 * the connection is opened again by itself.
 */
export function hearChanges(
  connection: Connection,
  onChange: (collectiviteId: string) => void,
  onState: (isListening: boolean) => void,
): Listener {
  let isClosed = false
  let client: pg.Client | undefined
  const loop = async () => {
    while (!isClosed) {
      const current = new pg.Client({ ...clientConfig(connection), keepAlive: true, application_name: 'parvis-changements' })
      client = current
      const gone = new Promise<void>(resolve => {
        current.on('error', () => resolve())
        current.on('end', () => resolve())
      })
      try {
        await current.connect()
        current.on('notification', notice => onChange(notice.payload ?? '*'))
        await current.query('listen parvis_changement')
        if (!isClosed) onState(true)
        await gone
      } catch {
        await current.end().catch(() => {})
      }
      onState(false)
      if (!isClosed) await sleep(500)
    }
  }
  const running = loop()
  return {
    async close() {
      isClosed = true
      await client?.end().catch(() => {})
      await running
    },
  }
}
