import { EventEmitter } from 'node:events'
import { Logger, parseCronItems, run as runWorker } from 'graphile-worker'
import { sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../db/open.ts'

/** What a job is about: ids only. Texts and answers stay in the tables that protect them. */
export type Payload = Readonly<Record<string, string | number>>

/**
 * What the worker does for a task. It may run twice: it finds out by itself what is already done. Throwing means « try again later ». `stopping` tells
 * that the program is closing: what waits for somebody else gives up.
 */
export type JobHandler = (app: App, payload: Payload, stopping?: AbortSignal) => Promise<void>

/** A task done at fixed times: `match` is a cron line in UTC. */
export interface Schedule {
  readonly task: string
  readonly match: string
}

/** Puts a job in the caller's transaction: it exists if and only if the transaction commits. */
export async function enqueue(
  tx: Tx,
  task: string,
  payload: Payload,
  options: { jobKey?: string; maxAttempts?: number; runAt?: Date | undefined } = {},
): Promise<void> {
  await sql`select graphile_worker.add_job(${task}, ${JSON.stringify(payload)}::json, job_key := ${options.jobKey ?? null}::text,
    max_attempts := ${options.maxAttempts ?? 20}::int, run_at := ${options.runAt ?? null}::timestamptz)`.execute(tx)
}

/** The worker: takes jobs until it is stopped, waiting for the job in hand. */
export interface Worker {
  /** The name under which it takes jobs: the queue marks with it those in hand. */
  readonly name: string
  /** Resolves when it takes no more jobs without having been asked to stop. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** PDF, images and scans are heavy, and there are two cores. */
const HEAVY = { concurrency: 2, pollInterval: 2000 } as const

/** What waits for somebody else's server has places of its own: ten that hang for ten seconds delay no document. */
export const NETWORK = { concurrency: 10, pollInterval: 5000 } as const

/** Starts taking the jobs of these tasks, two at a time unless told otherwise. */
export async function startWorker(
  app: App,
  handlers: Readonly<Record<string, JobHandler>>,
  schedules: readonly Schedule[],
  places: { readonly concurrency: number; readonly pollInterval: number } = HEAVY,
): Promise<Worker> {
  const stopping = new AbortController()
  const taskList = Object.fromEntries(
    Object.entries(handlers).map(([task, handle]) => [
      task,
      async (payload: unknown) => {
        try {
          await handle(app, (payload ?? {}) as Payload, stopping.signal)
        } catch (error) {
          app.log.warn({ err: error, task }, 'travail à reprendre')
          throw error
        }
      },
    ]),
  )
  const events = new EventEmitter()
  let name = ''
  events.once('pool:create', ({ workerPool }: { workerPool: { id: string } }) => {
    name = workerPool.id
  })
  const runner = await runWorker({
    pgPool: app.db.pool,
    events,
    taskList,
    ...places,
    noHandleSignals: true,
    parsedCronItems: parseCronItems(schedules.map(({ task, match }) => ({ task, match, options: { backfillPeriod: 24 * 3600 * 1000 } }))),
    logger: new Logger(() => () => {}),
  })
  let isStopping = false
  // The library stops taking jobs when it could not write down that one was done, and says so nowhere else.
  const ended = new Promise<void>(resolve => {
    const end = (error?: unknown) => {
      if (isStopping) return
      app.log.error({ err: error }, 'le travailleur s’est arrêté')
      resolve()
    }
    runner.promise.then(() => end(), end)
  })
  return {
    name,
    ended,
    async stop() {
      isStopping = true
      stopping.abort()
      await runner.stop()
    },
  }
}
