import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, runMigrations as migrateJobs } from 'graphile-worker'
import pg from 'pg'
import { projectFolder } from '../config.ts'
import { type Connection, clientConfig } from './open.ts'

/** The role under which the web and worker processes work: not owner, row security applies to it. */
export const APPLICATION_ROLE = 'parvis_application'

/** The schema cannot be brought up to date; the message says why in French. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

// Any constant: two processes that start together take turns.
const LOCK = 7_271_471

// The job tables follow the library's version, not ours.
const JOB_TABLES = `graphile-worker ${jobLibraryVersion()}`

const FOLDER = join(projectFolder, 'migrations')

/** The files of migrations/, in order, with the print by which a database knows each. */
export const migrationFiles = (folder: string = FOLDER): { nom: string; empreinte: string; text: string }[] =>
  readdirSync(folder)
    .filter(nom => /^\d{4}-.+\.sql$/.test(nom))
    .sort()
    .map(nom => {
      const text = readFileSync(join(folder, nom), 'utf8')
      return { nom, empreinte: createHash('sha256').update(text).digest('hex'), text }
    })

/**
 * Applies the files of migrations/ that the database does not know, in order, each in one transaction, then the job tables; up to one
 * of them when its name is given (a backup is restored into the schema it was made in).
 * Gives the names applied. Refuses a server older than PostgreSQL 15, an applied file that changed, and a database newer than the program.
 */
export async function migrate(owner: Connection, folder: string = FOLDER, last?: string): Promise<string[]> {
  const client = new pg.Client(clientConfig(owner))
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await checkVersion(client)
    await ensureRole(client)
    await client.query(`create table if not exists migration (nom text primary key, empreinte text not null, le timestamptz not null default now());
      comment on table migration is 'registre: les migrations appliquées';
      grant select on migration to ${APPLICATION_ROLE}`)
    const applied = await applyFiles(client, folder, last)
    const { rowCount } = await client.query('select 1 from migration where nom = $1', [JOB_TABLES])
    if (rowCount === 0) {
      await openJobTables(owner, client)
      await client.query('insert into migration (nom, empreinte) values ($1, $1)', [JOB_TABLES])
    }
    return applied
  } finally {
    await client.end()
  }
}

/**
 * Refuses (MigrationError) to work on a database of another version: newer, it has rules that this program does not know; older, it waits for
 * `bin/parvis migrer`. For the processes that serve, at their start: one that was serving when the schema grew goes on until it ends.
 */
export async function requireSchema(connection: Connection, folder: string = FOLDER): Promise<void> {
  const client = new pg.Client(clientConfig(connection))
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ nom: string }>("select nom from migration where nom like '%.sql'")
    const known = new Set(rows.map(({ nom }) => nom))
    const ours = migrationFiles(folder).map(({ nom }) => nom)
    const newer = [...known].find(name => !ours.includes(name))
    if (newer) throw newerDatabase(newer)
    const missing = ours.find(name => !known.has(name))
    if (missing) throw new MigrationError(`La base attend la migration ${missing} : lancez d’abord « bin/parvis migrer ».`)
  } finally {
    await client.end()
  }
}

const newerDatabase = (name: string) =>
  new MigrationError(`La base connaît la migration ${name}, que ce programme n’a pas : il est plus ancien que la base.`)

function jobLibraryVersion(): string {
  const entry = createRequire(import.meta.url).resolve('graphile-worker')
  return JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')).version
}

async function checkVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ v: string }>("select current_setting('server_version_num') as v")
  const version = Number(rows[0]!.v)
  if (version < 150_000) {
    throw new MigrationError(
      `PostgreSQL ${Math.floor(version / 10_000)} est trop ancien : Parvis demande la version 15 ou une plus récente.`,
    )
  }
}

async function ensureRole(client: pg.Client): Promise<void> {
  const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [APPLICATION_ROLE])
  if (rows.length > 0) return
  try {
    await client.query(`create role ${APPLICATION_ROLE} login nosuperuser nocreatedb nocreaterole nobypassrls`)
  } catch (error) {
    const code = (error as { code?: string }).code
    if (code === '42710' || code === '23505') return // another database of the same server made it meanwhile
    throw new MigrationError(
      `Le rôle ${APPLICATION_ROLE} n’existe pas et ce compte n’a pas le droit de le créer. ` +
        `Demandez à l’administrateur de la base : CREATE ROLE ${APPLICATION_ROLE} LOGIN PASSWORD '…';`,
      { cause: error },
    )
  }
}

async function applyFiles(client: pg.Client, folder: string, last = '9999'): Promise<string[]> {
  const files = migrationFiles(folder).filter(({ nom }) => nom <= last)
  const { rows } = await client.query<{ nom: string; empreinte: string }>('select nom, empreinte from migration')
  const known = new Map(rows.map(row => [row.nom, row.empreinte]))
  for (const name of known.keys()) {
    if (name.endsWith('.sql') && !files.some(({ nom }) => nom === name)) throw newerDatabase(name)
  }
  const applied: string[] = []
  for (const { nom: name, empreinte: print, text } of files) {
    const before = known.get(name)
    if (before === print) continue
    if (before !== undefined) throw new MigrationError(`La migration ${name} a changé depuis qu’elle a été appliquée.`)
    await applyFile(client, { name, print, text })
    applied.push(name)
  }
  return applied
}

// A migration that waits for a table makes all those who come after it wait too: it gives up soon, lets them pass, and comes back.
const LOCK_WAIT = '800ms'
const PAUSE_MS = 300
const PATIENCE_MS = 180_000

/**
 * One migration, in one transaction, while the processes of the version before work. It gives up before PostgreSQL looks for a deadlock (after a second,
 * and it could be a resident's request that is sacrificed), and begins again.
 */
async function applyFile(client: pg.Client, { name, print, text }: { name: string; print: string; text: string }): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      await client.query(`begin; set local lock_timeout = '${LOCK_WAIT}';\n${text}`)
      await client.query('insert into migration (nom, empreinte) values ($1, $2)', [name, print])
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback').catch(() => {})
      const isBusy = ['55P03', '40P01'].includes((error as { code?: string }).code ?? '')
      if (!isBusy) throw new MigrationError(`La migration ${name} a échoué : ${(error as Error).message}`, { cause: error })
      if (performance.now() > deadline)
        throw new MigrationError(
          `La migration ${name} attend depuis ${PATIENCE_MS / 60_000} minutes des tables que d’autres tiennent : arrêtez ce qui lit longtemps (sauvegarde, export), puis recommencez. Rien n’a été changé.`,
          { cause: error },
        )
    }
    await sleep(PAUSE_MS)
  }
}

/**
 * The job tables belong to the owner and have row security without a policy, so that only the owner would see them.
 * The application enqueues in its own transactions and its worker takes jobs: it gets a policy and exactly these rights.
 */
async function openJobTables(owner: Connection, client: pg.Client): Promise<void> {
  const pool = new pg.Pool({ ...clientConfig(owner), max: 2 })
  pool.on('error', () => {})
  pool.on('connect', connected => connected.on('error', () => {}))
  try {
    await migrateJobs({ pgPool: pool, logger: new Logger(() => () => {}) })
  } finally {
    await pool.end()
  }
  await client.query(`
    grant usage on schema graphile_worker to ${APPLICATION_ROLE};
    grant select, insert, update, delete on all tables in schema graphile_worker to ${APPLICATION_ROLE};
    grant usage on all sequences in schema graphile_worker to ${APPLICATION_ROLE};
    grant execute on all functions in schema graphile_worker to ${APPLICATION_ROLE};
    do $$ declare t regclass; begin
      for t in select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'graphile_worker' and c.relkind = 'r' and c.relrowsecurity loop
        execute format('drop policy if exists parvis on %s', t);
        execute format('create policy parvis on %s to ${APPLICATION_ROLE} using (true) with check (true)', t);
      end loop;
    end $$`)
}
