import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import pg from 'pg'
import { newId } from '../ids.ts'
import { type EmbeddedServer, startEmbedded } from './embedded.ts'
import { APPLICATION_ROLE, migrate } from './migrate.ts'
import { type Connection, clientConfig, type Database, openDatabase } from './open.ts'

/** A new folder where a program under test keeps its data. As root, the database server, which is somebody else, reaches it there. */
export function testFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(folder, 0o755)
  return folder
}

/** A real database for one test file, cloned from a migrated template; the server is shared by all files of the process. */
export interface TestDatabase {
  /** Under the application's role, as the program works. */
  readonly app: Database
  /** Under the owner's role: commands, and what a test must arrange behind the program's back. */
  readonly owner: Database
  readonly appConnection: Connection
  readonly ownerConnection: Connection
}

interface Shared {
  readonly server: EmbeddedServer
  readonly admin: pg.Client
  readonly folder: string
}

let shared: Promise<Shared> | undefined

// What these tests are about is not what a power cut leaves (test/crash is, on the whole program): their databases wait for no disk.
const FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '128MB' }

// The database is a template of its own: cloning it takes 30 ms where migrating takes 400.
async function start(): Promise<Shared> {
  const folder = testFolder('parvis-test-')
  // All the files of a run have their databases open at once.
  const server = await startEmbedded(folder, 500, FORGETFUL)
  const connection = { socketFolder: server.socketFolder, port: server.port, user: 'postgres', database: 'postgres' }
  const admin = new pg.Client(clientConfig(connection))
  await admin.connect()
  await admin.query('create role parvis_proprietaire login createrole')
  await admin.query('create database modele owner parvis_proprietaire')
  await migrate({ ...connection, user: 'parvis_proprietaire', database: 'modele' })
  return { server, admin, folder }
}

async function stop(): Promise<void> {
  if (!shared) return
  const { server, admin, folder } = await shared
  shared = undefined
  await admin.end()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

let users = 0

/**
 * Opens a fresh migrated database, and closes it after the tests of the file (the server with the last one).
 * Call at the top of a test file: `const database = await testDatabase()`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  users++
  shared ??= start()
  const { server, admin } = await shared
  const name = `test_${newId().replaceAll('-', '')}`
  await admin.query(`create database ${name} template modele owner parvis_proprietaire`)
  const at = { socketFolder: server.socketFolder, port: server.port, database: name }
  const appConnection = { ...at, user: APPLICATION_ROLE }
  const ownerConnection = { ...at, user: 'parvis_proprietaire' }
  const app = openDatabase(appConnection)
  const owner = openDatabase(ownerConnection, { max: 4 })
  after(async () => {
    await app.close()
    await owner.close()
    if (--users === 0) await stop()
  })
  return { app, owner, appConnection, ownerConnection }
}
