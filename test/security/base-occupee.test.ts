import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { createWeb } from '../../src/main.ts'
import { publierCatalogue } from '../../src/modules/demarches/index.ts'
import { ouvrirTerritoire } from '../../src/modules/territoire/commands/ouvrir-territoire.ts'
import { lireRegistre } from '../../src/modules/territoire/registre/sources.ts'
import { testApp } from '../../src/platform/app.testing.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { clientConfig, openDatabase } from '../../src/platform/db/open.ts'
import { testDatabase } from '../../src/platform/db/testing.ts'

const database = await testDatabase()
const opened = await ouvrirTerritoire(database.owner, systemClock, lireRegistre(), '14762', { demonstration: true })
if (!opened.ok) throw new Error(opened.refusal.sentence)
await publierCatalogue(database.owner, systemClock)
const db = openDatabase(database.appConnection, { max: 3, waitMs: 300, statementTimeoutMs: 900 })
const web = await createWeb(testApp(db), { app: database.appConnection })
const blocker = new pg.Client(clientConfig(database.ownerConnection))
blocker.on('error', () => {}) // the server of the tests may stop first
await blocker.connect()
after(async () => {
  await web.close()
  await db.close()
  await blocker.end()
})

test('every connection busy, and statements that wait for a lock: 503 with Retry-After, none hangs, and it serves again', async () => {
  const rejections: unknown[] = []
  const note = (error: unknown) => rejections.push(error)
  process.on('unhandledRejection', note)
  after(() => process.off('unhandledRejection', note))
  const ask = () => web.server.inject({ url: '/vire-normandie/demarches/acte-etat-civil/commencer', headers: { host: 'localhost' } })
  assert.equal((await ask()).statusCode, 200)
  await blocker.query('begin; lock table demarche in access exclusive mode')
  // Three take the connections and wait for the lock; the others wait for a connection.
  const answers = await Promise.all(Array.from({ length: 12 }, ask))
  for (const { statusCode, headers, body } of answers) {
    assert.equal(statusCode, 503, body.match(/<main[\s\S]{0,300}/)?.[0])
    assert.ok(Number(headers['retry-after']) > 0)
    assert.match(body, /momentanément indisponible/)
  }
  await blocker.query('rollback')
  assert.deepEqual(new Set((await Promise.all(Array.from({ length: 12 }, ask))).map(({ statusCode }) => statusCode)), new Set([200]))
  assert.deepEqual(rejections, [])
})
