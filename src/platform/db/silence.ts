import pg from 'pg'

/** What is known of a connection that has been asked something: how many answers it owes, and since when it has said nothing. */
interface Owing {
  pending: number
  since: number
}

/** Follows what the connections of a pool owe. */
export interface SilenceWatch {
  follow(client: pg.PoolClient): { asked(): void; answered(): void }
}

const ASK_MS = 4000

/**
 * Breaks the connections of a pool that owe an answer for more than `afterMs` while the server is not working for them: a firewall forgot them, the
 * other machine came back without them. TCP alone would wait a quarter of an hour, and the pool would be full of them. Which ones the server says,
 * over a connection of its own: a statement that is only long is left alone. What was asked is then an error like any other loss.
 */
export function watchSilence(pool: pg.Pool, config: pg.ClientConfig, afterMs: number): SilenceWatch {
  const owing = new Map<pg.PoolClient, Owing>()
  let isLooking = false
  const look = async () => {
    const late = [...owing].filter(([, { pending, since }]) => pending > 0 && performance.now() - since > afterMs)
    if (late.length === 0 || isLooking) return
    isLooking = true
    const working = await workingBackends(config)
    isLooking = false
    for (const [client, { pending, since }] of late) {
      const { connection, processID } = client as unknown as { connection: { stream: { destroy(): void } }; processID: number }
      const isLate = pending > 0 && performance.now() - since > afterMs
      if (isLate && !working.has(processID)) connection.stream.destroy()
    }
  }
  const timer = setInterval(() => void look(), Math.min(5000, afterMs / 2)).unref()
  pool.on('remove', client => {
    owing.delete(client)
    if (pool.ended) clearInterval(timer)
  })
  return {
    follow(client) {
      const owed: Owing = { pending: 0, since: 0 }
      owing.set(client, owed)
      return {
        asked() {
          if (owed.pending++ === 0) owed.since = performance.now()
        },
        answered() {
          owed.pending--
          owed.since = performance.now()
        },
      }
    },
  }
}

/** The processes of our role that work now; none when the server cannot be asked: they are all lost then. */
async function workingBackends(config: pg.ClientConfig): Promise<ReadonlySet<number>> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: ASK_MS, query_timeout: ASK_MS })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where state = 'active' and usename = current_user",
    )
    return new Set(rows.map(({ pid }) => pid))
  } catch {
    return new Set()
  } finally {
    void client.end().catch(() => {})
  }
}
