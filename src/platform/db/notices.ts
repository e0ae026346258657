import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { type Connection, clientConfig, type Tx } from './open.ts'

/** Says, when the transaction commits, that the public pages of a collectivité changed ('*': of the whole territory). */
export async function announceChange(tx: Tx, collectiviteId: string): Promise<void> {
  await sql`select pg_notify('parvis_changement', ${collectiviteId})`.execute(tx)
}

/** Hears the notices of a channel until it is closed. */
export interface Listener {
  close(): Promise<void>
}

/** Hears the changes announced by every process: see `hear`. */
export const hearChanges = (
  connection: Connection,
  onChange: (collectiviteId: string) => void,
  onState: (isListening: boolean) => void,
): Listener => hear(connection, 'parvis_changement', onChange, onState)

/**
 * Calls `onNotice` at each notice of a channel. `onState` tells when notices are being heard and when they are not: the connection is opened
 * again by itself.
 */
export function hear(
  connection: Connection,
  channel: 'parvis_changement' | 'parvis_sortie',
  onNotice: (payload: string) => void,
  onState: (isListening: boolean) => void = () => {},
): Listener {
  let isClosed = false
  let client: pg.Client | undefined
  const loop = async () => {
    while (!isClosed) {
      const current = new pg.Client({ ...clientConfig(connection), keepAlive: true, application_name: channel })
      client = current
      const gone = new Promise<void>(resolve => {
        current.on('error', () => resolve())
        current.on('end', () => resolve())
      })
      try {
        await current.connect()
        current.on('notification', notice => onNotice(notice.payload ?? ''))
        await current.query(`listen ${channel}`)
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
