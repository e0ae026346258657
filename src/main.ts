import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { guard } from './modules/agents/index.ts'
import { errorPage } from './modules/portail/index.ts'
import { cheminsFrequentes, collectiviteDuChemin, hotesConfigures } from './modules/territoire/index.ts'
import { modules } from './modules.ts'
import type { App, Assets } from './platform/app.ts'
import { systemClock } from './platform/clock.ts'
import { type Config, ConfigError, projectFolder } from './platform/config.ts'
import { joinEmbedded, startEmbedded } from './platform/db/embedded.ts'
import { APPLICATION_ROLE, migrate } from './platform/db/migrate.ts'
import { hearChanges } from './platform/db/notices.ts'
import { type Connection, type Database, openDatabase } from './platform/db/open.ts'
import { eventTasks, startRelay } from './platform/events/events.ts'
import { openFileStore } from './platform/files/index.ts'
import { healthRoute } from './platform/http/health.ts'
import { PublicCache } from './platform/http/public-cache.ts'
import type { Route } from './platform/http/route.ts'
import { createServer } from './platform/http/server.ts'
import { warmUp } from './platform/http/warm-up.ts'
import { NETWORK, startWorker, type Worker } from './platform/jobs/jobs.ts'
import { keepPresence } from './platform/jobs/presence.ts'
import { openLog } from './platform/log.ts'
import { type Mailer, memoryMailer, openMailer } from './platform/mail/mailer.ts'
import { MailFailure } from './platform/mail/message.ts'
import type { Seal } from './platform/pdf/seal.ts'
import { openSecrets } from './platform/secrets.ts'

/** Under which addresses the two roles reach the database. */
export interface Connections {
  readonly app: Connection
  readonly owner: Connection
  /** Stops what was started for it. */
  close(): Promise<void>
  /** Resolves with a reason if the embedded server ends by itself. */
  readonly ended: Promise<string>
}

/**
 * Opens the way to the database: DATABASE_URL, or the embedded PostgreSQL of the data folder, started if it is not running unless
 * `mayStart` is false: then it is waited for.
 */
export async function openConnections(config: Config, options: { mayStart?: boolean } = {}): Promise<Connections> {
  const never = new Promise<string>(() => {})
  if (config.databaseUrl) {
    const owner = { url: config.ownerDatabaseUrl ?? config.databaseUrl }
    const app = { url: config.ownerDatabaseUrl ? config.databaseUrl : applicationUrl(config) }
    return { app, owner, close: async () => {}, ended: never }
  }
  const server = await (options.mayStart === false ? joinEmbedded : startEmbedded)(config.dataFolder)
  const at = { socketFolder: server.socketFolder, port: server.port }
  const admin = openDatabase({ ...at, user: 'postgres', database: 'postgres' }, { max: 1 })
  try {
    const { rows } = await admin.pool.query("select 1 from pg_database where datname = 'parvis'")
    if (rows.length === 0) {
      await admin.pool.query(
        "do $$ begin if not exists (select 1 from pg_roles where rolname = 'parvis_proprietaire') then create role parvis_proprietaire login createrole; end if; end $$",
      )
      await admin.pool.query('create database parvis owner parvis_proprietaire')
    }
  } finally {
    await admin.close()
  }
  return {
    app: { ...at, user: APPLICATION_ROLE, database: 'parvis' },
    owner: { ...at, user: 'parvis_proprietaire', database: 'parvis' },
    close: () => server.stop(),
    ended: server.ended,
  }
}

// With one address only, it is the owner's: the application gets a role of its own, whose password the data folder keeps.
function applicationUrl(config: Config): string {
  const url = new URL(config.databaseUrl ?? '')
  url.username = APPLICATION_ROLE
  url.password = applicationPassword(config)
  return url.href
}

function applicationPassword(config: Config): string {
  const path = join(config.dataFolder, 'secrets', 'base.txt')
  if (!existsSync(path)) {
    mkdirSync(join(config.dataFolder, 'secrets'), { recursive: true, mode: 0o700 })
    writeFileSync(path, randomBytes(24).toString('hex'), { mode: 0o600 })
  }
  return readFileSync(path, 'utf8').trim()
}

/** Brings the schema up to date, and gives the application its password when the database is not the embedded one. */
export async function prepareDatabase(config: Config, connections: Connections): Promise<string[]> {
  const applied = await migrate(connections.owner)
  if (config.databaseUrl && !config.ownerDatabaseUrl) {
    const owner = openDatabase(connections.owner, { max: 1 })
    try {
      await owner.pool.query(`alter role ${APPLICATION_ROLE} login password '${applicationPassword(config).replace(/[^0-9a-f]/g, '')}'`)
    } catch (error) {
      throw new ConfigError(
        `Le compte de DATABASE_URL ne peut pas donner de mot de passe au rôle ${APPLICATION_ROLE} (${(error as Error).message}).\n` +
          `Donnez-lui ce droit (CREATEROLE), ou donnez deux adresses : DATABASE_URL pour ${APPLICATION_ROLE}, DATABASE_URL_PROPRIETAIRE pour le propriétaire.`,
      )
    } finally {
      await owner.close()
    }
  }
  return applied
}

/** The stylesheet and script: those of the bundle, or built from the sources in development. */
export async function loadAssets(): Promise<Assets> {
  const built = join(projectFolder, 'dist', 'assets.json')
  const isBundle = import.meta.url.includes('/dist/')
  const { css, js, carte } = isBundle
    ? (JSON.parse(readFileSync(built, 'utf8')) as Omit<Assets, 'print'>)
    : await (await import('./ui/assets.ts')).buildAssets()
  const print = [css, js, carte.css, carte.js].reduce((hash, part) => hash.update(part), createHash('sha256')).digest('base64url')
  return { css, js, carte, print: print.slice(0, 10) }
}

/** The version of the program. */
export const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string }

// In a demonstration messages stay in memory and in the « boîte d’envoi ». A real service without a mail server keeps them waiting:
// nothing is said to have left that did not leave.
function openPost(config: Config): Mailer {
  if (config.smtpUrl) return openMailer({ smtpUrl: config.smtpUrl, from: config.sender, takenFolder: join(config.dataFolder, 'remises') })
  if (config.demonstration) return memoryMailer({ from: config.sender })
  return {
    send: () => Promise.reject(new MailFailure('Aucun serveur de courriel n’est configuré (PARVIS_SMTP).', false)),
    forget() {},
    close: async () => {},
  }
}

/**
 * The electronic seal of the configuration; undefined when none is. Refuses (ConfigError), with the variable to look at, files that cannot be read, a
 * wrong password, a certificate out of its dates. The libraries it takes are loaded only where a seal is configured.
 */
export async function openConfiguredSeal(config: Config): Promise<Seal | undefined> {
  if (!config.seal) return undefined
  const { path, passwordPath } = config.seal
  const read = (variable: string, file: string) => {
    try {
      return readFileSync(file)
    } catch (error) {
      throw new ConfigError(`${variable} : le fichier ${file} ne se lit pas (${(error as NodeJS.ErrnoException).code}).`)
    }
  }
  const password = read('PARVIS_CACHET_MOT_DE_PASSE', passwordPath)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  const file = read('PARVIS_CACHET', path)
  const { openSeal, SealError } = await import('./platform/pdf/seal.ts')
  try {
    return openSeal(file, password, systemClock.now())
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new ConfigError(
      `PARVIS_CACHET=${path} ne peut pas sceller les documents : ${error.message}.\nVoir docs/exploiter/courriels-et-cachet.md.`,
    )
  }
}

/** The platform opened for one process, and its closing. */
export interface OpenedApp {
  readonly app: App
  close(): Promise<void>
}

/** Opens the platform of one process. `origin` is asked at each use: it is known for sure once the server listens. */
export async function openApp(config: Config, connections: Connections, processName: string, origin: () => string): Promise<OpenedApp> {
  const cache = new PublicCache()
  const db: Database = openDatabase(connections.app, { max: 10 })
  const files = await openFileStore({
    folder: join(config.dataFolder, 'fichiers'),
    masterKeyPath: join(config.dataFolder, 'secrets', 'fichiers.json'),
    maxBytes: config.maxFileBytes,
    ...(config.clamd ? { clamd: config.clamd } : {}),
  })
  const mailer = openPost(config)
  const app: App = {
    config,
    version,
    get origin() {
      return origin()
    },
    clock: systemClock,
    log: openLog(config.logLevel, processName),
    db,
    files,
    mailer,
    // Pages seal nothing: the process that makes documents does.
    seal: processName === 'web' ? undefined : await openConfiguredSeal(config),
    secrets: openSecrets(config.dataFolder),
    cache,
    assets: await loadAssets(),
  }
  return {
    app,
    async close() {
      await mailer.close()
      await db.close()
    },
  }
}

/** All the routes of the program, in the order of the modules: the registry that the security tests walk through. */
export const routes: readonly Route[] = [healthRoute, ...modules.flatMap(module => module.routes)]

/** Builds the web server of an opened platform. `hear` keeps the cache in step with the other processes. */
export async function createWeb(
  app: App,
  connections: Pick<Connections, 'app'>,
): Promise<{ server: FastifyInstance; warmUp(): Promise<void>; close(): Promise<void> }> {
  let hosts: ReadonlyMap<string, string> = new Map()
  const refreshHosts = () =>
    hotesConfigures(app).then(
      found => {
        hosts = found
      },
      () => {}, // the database is away: the hosts known stay
    )
  await refreshHosts()
  const changes = hearChanges(
    connections.app,
    collectiviteId => {
      app.cache.invalidate(collectiviteId)
      if (collectiviteId === '*') void refreshHosts()
    },
    isListening => app.cache.setListening(isListening),
  )
  const server = await createServer(app, routes, {
    tenant: collectiviteDuChemin,
    segmentOfHost: host => hosts.get(host.replace(/:\d+$/, '')) ?? hosts.get(host),
    agent: guard,
    errorPage,
  })
  return {
    server,
    async warmUp() {
      const visited = await warmUp(app, server, ['/', ...(await cheminsFrequentes(app, 1000))])
      app.log.info({ visited }, 'pages préparées')
    },
    async close() {
      await server.close()
      await changes.close()
    },
  }
}

/** Starts the worker of an opened platform, with the jobs, listeners and schedules of every module, and the relay of the outbox. */
export async function createWorker(app: App, connections: Pick<Connections, 'app'>): Promise<Omit<Worker, 'name'>> {
  const listeners = modules.flatMap(m => m.listeners ?? [])
  const handlers = Object.assign({}, eventTasks(listeners), ...modules.map(m => m.jobs ?? {}))
  const worker = await startWorker(
    app,
    handlers,
    modules.flatMap(m => m.schedules ?? []),
  )
  const network = await startWorker(app, Object.assign({}, ...modules.map(m => m.networkJobs ?? {})), [], NETWORK)
  const presence = keepPresence(app, connections.app, [worker.name, network.name])
  const relay = startRelay(app, connections.app, listeners)
  return {
    ended: Promise.race([worker.ended, network.ended]),
    async stop() {
      await relay.stop()
      await Promise.all([worker.stop(), network.stop()])
      await presence.close()
    },
  }
}

/** Lets each module put its part into a demonstration. */
export async function seedDemonstration(app: App): Promise<void> {
  for (const module of modules) await module.seed?.(app)
}

export { ConfigError }
