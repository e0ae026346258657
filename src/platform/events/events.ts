import { sql } from 'kysely'
import type { App } from '../app.ts'
import { hear } from '../db/notices.ts'
import { type Connection, type Database, inScope, onCommit, type Tx } from '../db/open.ts'
import { newId } from '../ids.ts'
import { enqueue, type JobHandler, type Payload } from '../jobs/jobs.ts'

/** Something that happened in a collectivité, told to the other modules after the commit. Ids only. */
export interface DomainEvent {
  readonly nature: string
  readonly collectiviteId: string
  readonly sujetId: string
  /** Distinguishes the repetitions of one nature on one subject, so that reacting twice can be recognised. */
  readonly rang: number
}

/** Reacts to an event, after the commit that recorded it. Tried again until it succeeds; must be idempotent. */
export interface EventListener {
  /** A sentence: « send-receipt-when-dossier-is-filed ». */
  readonly name: string
  /** The nature it reacts to; '*' for all. */
  readonly on: string
  /** All that waits for a collectivité makes one job: it is told one event and finds out by itself what else is new. */
  readonly together?: true
  handle(app: App, event: DomainEvent): Promise<void>
}

/**
 * The outbox. An event is a row written by the transaction that decides it, and nothing more: a NOTIFY inside it, as the job queue sends
 * one, would hold a lock of the whole server until the commit is on disk, and filings would wait for each other (8 clients, one busy machine: 148/s with it, 431/s without).
 * After the commit the worker is told, at most twenty times a second, and takes the rows to its queue.
 *
 * Has the worker told when this transaction commits: the statement that changed the state wrote the row (see dossiers/commands/advance.ts).
 */
export const tellOnCommit = (tx: Tx): void => onCommit(tx, tell)

/** Puts an event in the outbox, in the caller's transaction: for what happens beside a change of state, which writes its own. */
export async function announce(tx: Tx, now: Date, event: DomainEvent): Promise<void> {
  await sql`insert into sortie (id, charge, cree_le) values (${newId()}, ${JSON.stringify(event)}, ${now})`.execute(tx)
  tellOnCommit(tx)
}

const told = new WeakSet<Database>()

function tell(db: Database): void {
  if (told.has(db)) return
  told.add(db)
  setTimeout(() => {
    told.delete(db)
    sql`select pg_notify('parvis_sortie', '')`.execute(db.kysely).catch(() => {}) // the worker also looks by itself
  }, 50)
}

/** Takes events from the outbox to the queue until it is stopped. */
export interface Relay {
  stop(): Promise<void>
}

const LOOK_MS = 1000
const BATCH = 200

/** Moves events to the job queue as they come: one job for each listener, retried alone. Several workers may run one each. */
export function startRelay(app: App, connection: Connection, listeners: readonly EventListener[]): Relay {
  let isStopped = false
  let running: Promise<void> = Promise.resolve()
  let isAskedAgain = false
  let isRunning = false
  const look = () => {
    if (isStopped) return
    if (isRunning) {
      isAskedAgain = true
      return
    }
    isRunning = true
    running = (async () => {
      do {
        isAskedAgain = false
        while ((await moveBatch(app, listeners)) === BATCH);
      } while (isAskedAgain && !isStopped)
    })()
      .catch(error => app.log.warn({ err: error }, 'sortie à reprendre'))
      .finally(() => {
        isRunning = false
      })
  }
  const ear = hear(connection, 'parvis_sortie', look, isListening => isListening && look())
  const timer = setInterval(look, LOOK_MS)
  return {
    async stop() {
      isStopped = true
      clearInterval(timer)
      await ear.close()
      await running
    },
  }
}

/** One batch, in one transaction: the events leave the outbox if and only if their jobs exist. Gives how many. */
export async function moveBatch(app: App, listeners: readonly EventListener[]): Promise<number> {
  return inScope(app.db, {}, async tx => {
    const { rows } = await sql<{
      charge: DomainEvent
    }>`delete from sortie where id in (select id from sortie order by id limit ${BATCH} for update skip locked) returning charge`.execute(
      tx,
    )
    const jobs = new Map<string, { task: string; charge: DomainEvent }>()
    for (const { charge } of rows) {
      for (const { name, on, together } of listeners) {
        if (on !== '*' && on !== charge.nature) continue
        const jobKey = together ? `${name}|${charge.collectiviteId}` : `${name}|${charge.sujetId}|${charge.rang}`
        jobs.set(jobKey, { task: `reaction:${name}`, charge })
      }
    }
    for (const [jobKey, { task, charge }] of jobs) await enqueue(tx, task, { ...charge }, { jobKey })
    return rows.length
  })
}

/** The worker's task of each listener. */
export const eventTasks = (listeners: readonly EventListener[]): Record<string, JobHandler> =>
  Object.fromEntries(
    listeners.map(listener => [`reaction:${listener.name}`, (app: App, payload: Payload) => listener.handle(app, eventOf(payload))]),
  )

const eventOf = (payload: Payload): DomainEvent => ({
  nature: String(payload.nature),
  collectiviteId: String(payload.collectiviteId),
  sujetId: String(payload.sujetId),
  rang: Number(payload.rang),
})
