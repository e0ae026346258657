import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { type Connection, clientConfig, type Tx } from './open.ts'

/** Says, when the transaction commits, that the public pages of a collectivité changed ('*': of the whole territory). */
export async function announceChange(tx: Tx, collectiviteId: string): Promise<void> {
  await sql`select pg_notify('parvis_changement', ${collectiviteId})`.execute(tx)
}

/** A connection kept open, until it is closed. */
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
export const hear = (
  connection: Connection,
  channel: 'parvis_changement' | 'parvis_sortie',
  onNotice: (payload: string) => void,
  onState: (isListening: boolean) => void = () => {},
): Listener =>
  stayConnected(
    connection,
    channel,
    async client => {
      client.on('notification', notice => onNotice(notice.payload ?? ''))
      await client.query(`listen ${channel}`)
      onState(true)
    },
    () => onState(false),
  )

const PULSE_MS = 10_000

// A connection that mostly listens learns nothing from silence: a firewall may have forgotten it, and the changes of others would not be heard for
// hours. It asks something from time to time; without an answer before the next time, it is broken, and opened again.
function keepPulse(client: pg.Client): NodeJS.Timeout {
  let isAnswered = true
  return setInterval(() => {
    if (!isAnswered) {
      ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
      return
    }
    isAnswered = false
    client.query('select 1').then(
      () => {
        isAnswered = true
      },
      () => {},
    )
  }, PULSE_MS)
}

/** Keeps a connection of its own open until it is closed, and opens it again by itself: `begin` at each opening, `onLoss` when it goes. */
export function stayConnected(
  connection: Connection,
  name: string,
  begin: (client: pg.Client) => Promise<void>,
  onLoss: () => void = () => {},
): Listener {
  let isClosed = false
  let client: pg.Client | undefined
  const loop = async () => {
    while (!isClosed) {
      const current = new pg.Client({ ...clientConfig(connection), keepAlive: true, application_name: name })
      client = current
      const gone = new Promise<void>(resolve => {
        current.on('error', () => resolve())
        current.on('end', () => resolve())
      })
      let pulse: NodeJS.Timeout | undefined
      try {
        await current.connect()
        pulse = keepPulse(current)
        if (!isClosed) await begin(current)
        await gone
      } catch {
        await current.end().catch(() => {})
      }
      clearInterval(pulse)
      onLoss()
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
