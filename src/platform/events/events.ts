import type { App } from '../app.ts'
import { inTenant, type Tx } from '../db/open.ts'
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
  readonly on: string
  handle(app: App, event: DomainEvent): Promise<void>
}

/** Records an event in the caller's transaction: one row of the outbox, whatever the number of listeners. */
export const emit = (tx: Tx, event: DomainEvent): Promise<void> => enqueue(tx, 'evenement', { ...event })

/** The worker's tasks for the outbox: one hands an event to each of its listeners as a job of its own, so that each is retried alone. */
export function eventTasks(listeners: readonly EventListener[]): Record<string, JobHandler> {
  const tasks: Record<string, JobHandler> = {
    evenement: async (app, payload) => {
      const event = eventOf(payload)
      await inTenant(app.db, event.collectiviteId, async tx => {
        for (const listener of listeners) {
          if (listener.on !== event.nature) continue
          await enqueue(tx, `reaction:${listener.name}`, payload, { jobKey: `${listener.name}|${event.sujetId}|${event.rang}` })
        }
      })
    },
  }
  for (const listener of listeners) tasks[`reaction:${listener.name}`] = (app, payload) => listener.handle(app, eventOf(payload))
  return tasks
}

const eventOf = (payload: Payload): DomainEvent => ({
  nature: String(payload.nature),
  collectiviteId: String(payload.collectiviteId),
  sujetId: String(payload.sujetId),
  rang: Number(payload.rang),
})
