import type { Writable } from 'node:stream'
import { type DatabaseConnection, DefaultQueryExecutor, Kysely, type KyselyPlugin, PostgresDialect, type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { isUuid } from '../ids.ts'
import { type SilenceWatch, watchSilence } from './silence.ts'

// A civil day stays the text YYYY-MM-DD: a Date would shift it with the zone of the server. bigint and numeric are small here.
pg.types.setTypeParser(1082, text => text)
pg.types.setTypeParser(20, text => Number(text))

/** A connection inside a transaction, or the pool seen by Kysely. `over<Tables>(tx)` gives it the types of the tables a module owns. */
// biome-ignore lint/complexity/noBannedTypes: an empty schema, which every module widens to its own tables
export type Tx = Kysely<{}>

/** Where to connect: an address, or the socket of the embedded server and a role. */
export type Connection =
  | { readonly url: string }
  | { readonly socketFolder: string; readonly port: number; readonly user: string; readonly database: string }

/**
 * The pools of one database role. Single statements (`kysely`) and transactions have a pool each: a transaction that needs a register or
 * a session while it holds its connection can then never wait for a connection that another such transaction holds.
 */
export interface Database {
  readonly pool: pg.Pool
  /** For single statements outside any transaction: registers, sessions, counters. Sees no tenant row. */
  readonly kysely: Tx
  /** For inScope alone. */
  readonly transactions: Tx
  /** For readInScope alone: what makes statements of builders, and gives them to this connection. */
  readings(connection: DatabaseConnection): Tx
  close(): Promise<void>
}

/** The database cannot be reached just now: the HTTP layer answers 503, a job is tried again. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable'
}

/** The `pg` settings of a connection. */
export function clientConfig(connection: Connection): pg.ClientConfig {
  return 'url' in connection
    ? { connectionString: connection.url }
    : { host: connection.socketFolder, port: connection.port, user: connection.user, database: connection.database }
}

/**
 * Opens a pool. `max` bounds its connections; whoever finds them all busy waits `waitMs` at most, and a statement may last `statementTimeoutMs` at
 * most, so that nothing hangs behind it: past them, DatabaseUnavailable.
 */
export function openDatabase(
  connection: Connection,
  options: { max?: number; waitMs?: number; statementTimeoutMs?: number } = {},
): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000
  const max = options.max ?? 10
  const pools = [max, Math.ceil(max / 2)].map(size => {
    const pool = new pg.Pool({
      ...clientConfig(connection),
      max: size,
      connectionTimeoutMillis: options.waitMs ?? 4000,
      idleTimeoutMillis: 30_000,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: 30_000,
      application_name: 'parvis',
      pipeline: true,
    })
    pool.on('error', () => {}) // an idle connection that the server closed: the pool has already forgotten it
    const watch = watchSilence(pool, clientConfig(connection), statementTimeoutMs + ANSWER_MS)
    pool.on('connect', client => {
      client.on('error', () => {})
      prepareFrequent(client, watch.follow(client))
    })
    return pool
  })
  // biome-ignore lint/complexity/noBannedTypes: see Tx
  const [transactions, kysely] = pools.map(pool => new Kysely<{}>({ dialect: new PostgresDialect({ pool: sayingLosses(pool) }) })) as [
    Tx,
    Tx,
  ]
  const dialect = new PostgresDialect({ pool: sayingLosses(pools[0]!) })
  const parts = { driver: dialect.createDriver(), compiler: dialect.createQueryCompiler(), adapter: dialect.createAdapter() }
  return {
    pool: pools[0]!,
    kysely,
    transactions,
    readings: connection =>
      new Kysely({
        config: { dialect },
        dialect,
        driver: parts.driver,
        executor: new DefaultQueryExecutor(parts.compiler, parts.adapter, { provideConnection: consumer => consumer(connection) }),
      }),
    async close() {
      await Promise.all([transactions.destroy(), kysely.destroy()])
    },
  }
}

// Where the driver speaks, and only there: further up, the same codes (ENOENT, ECONNRESET) may come from a file or from a visitor.
function sayLoss(error: unknown): never {
  if (!isConnectionLoss(error)) throw error
  const { code } = error as { code?: string }
  throw Object.assign(new DatabaseUnavailable('base de données injoignable', { cause: error }), code ? { code } : {})
}

const sayingLosses = (pool: pg.Pool) => ({ options: pool.options, connect: () => pool.connect().catch(sayLoss), end: () => pool.end() })

/** What a network may add to the longest statement before the answer is taken for lost. */
const ANSWER_MS = 5000

const seen = new Map<string, { count: number; name: string }>()
const MAX_TEXTS = 2000
const MAX_PREPARED = 250
const FREQUENT = 4
let prepared = 0

// A statement met often is prepared once a connection: the server then parses and plans it no more.
// Rare texts stay plain, so that neither side keeps what will not come back.
function prepareFrequent(client: pg.PoolClient, owed: ReturnType<SilenceWatch['follow']>): void {
  const plain = client.query.bind(client) as (...args: unknown[]) => unknown
  const together = writeTogether(client)
  // By callback: the promises that the driver makes keep the rows of each answer alive until a whole collection of the heap (V8 gives them to the old
  // generation one by one), which then comes twenty times as often.
  const ask = (config: string | pg.QueryConfig): Promise<pg.QueryResult> =>
    new Promise<pg.QueryResult>((resolve, reject) => {
      owed.asked()
      plain(config, undefined, (error: unknown, found: pg.QueryResult) => (error ? reject(error) : resolve(found)))
    }).then(
      // Once, where the driver calls back twice: for a value that it cannot send, then for the end of what it began.
      found => {
        owed.answered()
        return found
      },
      error => {
        owed.answered()
        return sayLossHere(error)
      },
    )
  const query = (text: unknown, values?: unknown, ...rest: unknown[]) => {
    together()
    const isOurs = typeof text === 'string' || (typeof text === 'object' && text !== null && !('submit' in text) && !('callback' in text))
    if (!isOurs || typeof values === 'function' || rest.length > 0) return plain(text, values, ...rest)
    // As the worker's library asks: by an object that has everything.
    if (typeof text !== 'string') return ask((values === undefined ? text : { ...text, values }) as pg.QueryConfig)
    if (!Array.isArray(values) || values.length === 0) return ask(text)
    const name = nameOf(text)
    return ask(name ? { text, values, name } : { text, values })
  }
  client.query = query as typeof client.query
}

// The stack of an error of the server begins where its bytes were read: here it tells who asked.
function sayLossHere(error: unknown): never {
  if (error instanceof Error) Error.captureStackTrace(error, sayLossHere)
  return sayLoss(error)
}

// Statements sent in the same turn of the loop leave in one write: three for a page that reads once.
function writeTogether(client: pg.PoolClient): () => void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  let isHeld = false
  return () => {
    if (isHeld) return
    isHeld = true
    stream.cork()
    setImmediate(() => {
      isHeld = false
      stream.uncork()
    })
  }
}

function nameOf(text: string): string | undefined {
  let entry = seen.get(text)
  if (!entry) {
    if (seen.size >= MAX_TEXTS) return undefined
    entry = { count: 0, name: '' }
    seen.set(text, entry)
  }
  entry.count++
  if (!entry.name && entry.count >= FREQUENT && prepared < MAX_PREPARED) entry.name = `p${++prepared}`
  return entry.name || undefined
}

/** Gives a transaction the types of the tables that the calling module owns. */
export function over<Tables>(tx: Tx): Kysely<Tables> {
  return tx as unknown as Kysely<Tables>
}

/** For whom a transaction is opened: a collectivité, a person (their own rows across collectivités), both, or neither (registers only). */
export interface Scope {
  readonly collectiviteId?: string | undefined
  readonly personneId?: string | undefined
}

/**
 * Opens a transaction in which row security sees only the scope's rows, runs `work`, commits. The only way to tenant tables.
 * SET LOCAL rather than set_config(): Citus forwards only the statement to its workers. It takes no parameter, hence the strict pattern.
 * Throws DatabaseUnavailable when there is no server; any error of `work` rolls back and goes on up.
 */
export async function inScope<T>(db: Database, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  const begin = `begin${setting('collectivite', scope.collectiviteId)}${setting('personne', scope.personneId)}`
  return db.transactions.connection().execute(async connection => {
    // Not waited for: it travels with the first statement of the work, and the server reads them in order (pipeline).
    const begun = sql.raw(begin).execute(connection)
    begun.catch(() => {})
    const open = { isOver: false }
    const tx = connection.withPlugin(refusingLate(open))
    let result: T
    try {
      result = await work(tx)
      for (const last of beforeEnd.get(tx)?.values() ?? []) await last()
      await begun
    } catch (error) {
      open.isOver = true
      await sql`rollback`.execute(connection).catch(() => {})
      throw error
    }
    open.isOver = true
    await sql`commit`.execute(connection)
    for (const done of afterCommit.get(tx) ?? []) done(db)
    return result
  })
}

// When one branch of a Promise.all fails, its sisters go on: their next statement would run on a connection that the pool has already
// given to somebody else, inside the transaction of another collectivité.
const refusingLate = (open: { readonly isOver: boolean }): KyselyPlugin => ({
  transformQuery({ node }) {
    if (open.isOver) throw new Error('a statement came after the end of its transaction')
    return node
  },
  transformResult: ({ result }) => Promise.resolve(result),
})

const afterCommit = new WeakMap<Tx, ((db: Database) => void)[]>()

/** Runs something light once the transaction has committed; never when it rolls back. It must not throw. */
export function onCommit(tx: Tx, work: (db: Database) => void): void {
  const waiting = afterCommit.get(tx)
  if (waiting) waiting.push(work)
  else afterCommit.set(tx, [work])
}

const beforeEnd = new WeakMap<Tx, Map<string, () => Promise<void>>>()

/**
 * Runs something at the end of the transaction, in it, once for a key however often it is asked: what is computed from all that the work
 * wrote, in whatever order it wrote it. Never when the work fails; if it throws, all is undone.
 */
export function beforeCommit(tx: Tx, key: string, work: () => Promise<void>): void {
  const waiting = beforeEnd.get(tx)
  if (waiting) waiting.set(key, work)
  else beforeEnd.set(tx, new Map([[key, work]]))
}

/**
 * Like inScope, for a work that only reads: each statement leaves alone, in one write with its opening and its end, where a transaction takes
 * two and waits for its end. Nothing is seen as of one instant, no more than in inScope (READ COMMITTED). What would write is refused by
 * the database.
 */
export async function readInScope<T>(db: Database, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  const begin = `begin read only${setting('collectivite', scope.collectiviteId)}${setting('personne', scope.personneId)}`
  const connection: DatabaseConnection = {
    executeQuery: async ({ sql: text, parameters }) => ({ rows: await readAlone(db, begin, text, parameters) }),
    streamQuery: () => {
      throw new Error('a reading is not streamed')
    },
  }
  return work(db.readings(connection))
}

/** One reading of a collectivité's rows. For pages that read once. Gives the rows. */
export async function readInTenant<Row>(db: Database, collectiviteId: string, query: RawBuilder<Row>): Promise<Row[]> {
  const { sql: text, parameters } = query.compile(db.transactions)
  return readAlone(db, `begin read only${setting('collectivite', collectiviteId)}`, text, parameters)
}

async function readAlone<Row>(db: Database, begin: string, text: string, parameters: readonly unknown[]): Promise<Row[]> {
  const client = await sayingLosses(db.pool).connect()
  try {
    const begun = client.query(begin)
    const read = client.query(text, [...parameters])
    const ended = client.query('commit')
    const [, { rows }] = await Promise.all([begun, read, ended.catch(() => {})])
    return rows as Row[]
  } finally {
    client.release()
  }
}

/** A transaction of one collectivité. */
export const inTenant = <T>(db: Database, collectiviteId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  inScope(db, { collectiviteId }, work)

/**
 * Within a transaction, also sees a person's own rows of other collectivités while `work` runs: what is asked there must say which rows it wants, as
 * everywhere. For a few persons at most, one after the other.
 */
export async function alsoAs<T>(tx: Tx, personneId: string, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ before: string | null }>`select current_setting('parvis.personne', true) as before`.execute(tx)
  await sql.raw(setting('personne', personneId).slice(2)).execute(tx)
  const result = await work()
  // An error rolls everything back, the setting with it.
  await sql.raw(rows[0]?.before ? setting('personne', rows[0].before).slice(2) : `set local parvis.personne = ''`).execute(tx)
  return result
}

function setting(name: string, value: string | undefined): string {
  if (value === undefined) return ''
  if (!isUuid(value)) throw new TypeError(`scope ${name}: not a UUID`)
  return `; set local parvis.${name} = '${value}'`
}

// 08* connection, 57P0* shutdown, 53* resources (connections, memory, disk full), 25P03 idle too long, 57014 a statement that lasted too long (it
// waited for a lock, or the server is on its knees), 55P03 a lock that was not to be had, 40P01 two that waited for each other (a migration, and us);
// otherwise what the driver and the system say.
function isConnectionLoss(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (code && /^(08|57P0|57014|53|25P03|55P03|40P01|ECONN|ENOENT|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)/.test(code)) return true
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i.test(
    message ?? '',
  )
}

/** Whether PostgreSQL refused because other rows still point at this one. */
export const isForeignKeyViolation = (error: unknown): boolean => (error as { code?: string })?.code === '23503'

/** Whether an error is a violation of a unique constraint (SQLSTATE 23505), possibly of one given constraint. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const e = error as { code?: string; constraint?: string }
  return e?.code === '23505' && (constraint === undefined || e.constraint === constraint)
}
