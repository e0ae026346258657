import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './db/open.ts'
import type { FileStore } from './files/index.ts'
import type { PublicCache } from './http/public-cache.ts'
import type { Log } from './log.ts'
import type { Mailer } from './mail/mailer.ts'
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
  readonly secrets: Secrets
  readonly cache: PublicCache
  readonly assets: Assets
}

/** The bundled stylesheet and script, and the fingerprint that makes their addresses immutable. */
export interface Assets {
  readonly css: string
  readonly js: string
  readonly print: string
}
