import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './db/open.ts'
import type { FileStore } from './files/index.ts'
import type { PublicCache } from './http/public-cache.ts'
import type { Log } from './log.ts'
import type { Mailer } from './mail/mailer.ts'
import type { Seal } from './pdf/seal.ts'
import type { Secrets } from './secrets.ts'

/** What the composition root hands to every module: the platform, opened. */
export interface App {
  readonly config: Config
  readonly version: string
  /** The public address of the territory, without a final slash. */
  readonly origin: string
  readonly clock: Clock
  readonly log: Log
  readonly db: Database
  readonly files: FileStore
  readonly mailer: Mailer
  /** What seals the documents issued, in the process that makes them; undefined when none is configured. */
  readonly seal?: Seal | undefined
  readonly secrets: Secrets
  readonly cache: PublicCache
  readonly assets: Assets
}

/** The bundled stylesheet and script, those of the map that is opened on request, and the fingerprint that makes their addresses immutable. */
export interface Assets {
  readonly css: string
  readonly js: string
  readonly carte: { readonly css: string; readonly js: string }
  readonly print: string
}
