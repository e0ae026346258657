import type { App } from './app.ts'
import { systemClock } from './clock.ts'
import { readConfig } from './config.ts'
import type { Database } from './db/open.ts'
import { PublicCache } from './http/public-cache.ts'
import { openLog } from './log.ts'
import { memoryMailer } from './mail/mailer.ts'
import { secretsOf } from './secrets.ts'

/**
 * The platform opened on a test's database, in demonstration mode: real everywhere but for the mailer, which is the twin in memory.
 * The file store is the one part that a test must give when it needs it.
 */
export function testApp(db: Database, more: Partial<App> = {}): App {
  const config = readConfig({ PARVIS_DEMONSTRATION: 'oui', PARVIS_JOURNAL: 'silencieux' })
  return {
    config,
    version: '0',
    origin: 'http://localhost',
    clock: systemClock,
    log: openLog('silencieux', 'essai'),
    db,
    mailer: memoryMailer({ from: config.sender }),
    secrets: secretsOf([Buffer.alloc(32, 7)]),
    cache: new PublicCache(),
    assets: { css: '', js: '', carte: { css: '', js: '' }, print: 'essai' },
    get files(): never {
      throw new Error('this test gave no file store')
    },
    ...more,
  }
}
