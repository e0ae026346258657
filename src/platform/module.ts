import type { App } from './app.ts'
import type { EventListener } from './events/events.ts'
import type { Route } from './http/route.ts'
import type { JobHandler, Schedule } from './jobs/jobs.ts'
import type { Donnees } from './personal-data.ts'

/** What a module declares of itself; src/modules.ts lists them, the composition root wires them. */
export interface Module {
  readonly name: string
  /** The modules whose door it may use. */
  readonly dependsOn: readonly string[]
  readonly routes: readonly Route[]
  /** Permissions its routes ask for: code → what it allows, as a sentence. */
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs?: Readonly<Record<string, JobHandler>>
  /** Tasks that wait for somebody else's server: they have places of their own (`NETWORK`). */
  readonly networkJobs?: Readonly<Record<string, JobHandler>>
  readonly listeners?: readonly EventListener[]
  readonly schedules?: readonly Schedule[]
  /** What each column of its tables is, for the register of processing. */
  readonly donnees?: Donnees
  /** What it puts into a demonstration; runs in the order of the modules. */
  readonly seed?: (app: App) => Promise<void>
}
