import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { EmbeddedError, identity, isRoot, nativeFolder, UNPRIVILEGED_ID } from './embedded-binaries.ts'
import { clusterFolder, initialise } from './embedded-cluster.ts'

/** PostgreSQL from the npm package, on a Unix socket only: where it listens, and how to stop it. */
export interface EmbeddedServer {
  readonly socketFolder: string
  readonly port: number
  /** True when a server that was already running on this folder is used. */
  readonly isReused: boolean
  /** Resolves with a reason when the server ends without having been asked to. */
  readonly ended: Promise<string>
  /** Fast shutdown; waits for the end. A reused server is left to the process that started it. */
  stop(): Promise<void>
}

// The port is only part of the socket's name: nothing listens on the network.
const SOCKET_PORT = 5432

/**
 * Starts PostgreSQL on `folder`/base, creating the cluster when there is none, or joins the server already running there.
 * After a crash the dying server may hold its files for a while: tries again for 10 s. `more`: settings of PostgreSQL beside ours.
 */
export async function startEmbedded(
  folder: string,
  maxConnections = 80,
  more: Readonly<Record<string, string>> = {},
): Promise<EmbeddedServer> {
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const native = nativeFolder()
  const cluster = clusterFolder(folder)
  const deadline = performance.now() + 10_000
  let reason = ''
  let settings: Readonly<Record<string, string>> = { max_connections: String(maxConnections), ...comfort(native), ...more }
  while (performance.now() < deadline) {
    const running = await joinRunning(cluster)
    if (running) return running
    if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(native, cluster)
    const started = await launch(native, cluster, join(folder, 'postgresql.log'), settings)
    if (typeof started !== 'string') return started
    reason = started
    // A limit on the memory of a process, a module made for another machine: it starts as it does anywhere, without comfort.
    if (settings['shared_buffers'] !== MODEST.shared_buffers && COMFORT_REFUSED.test(reason)) {
      settings = { ...settings, ...MODEST }
      continue
    }
    if (/corrupt|invalid checkpoint|could not read|is not a (valid )?data directory|incompatible|No such file/i.test(reason)) break
    await sleep(200)
  }
  throw new EmbeddedError(
    `La base de données du dossier ${folder} ne démarre pas.\n${reason.trim()}\n` +
      `Le journal complet est dans ${join(folder, 'postgresql.log')}. Restaurez une sauvegarde de ce dossier, ` +
      'ou choisissez-en un autre avec PARVIS_DONNEES. Rien n’a été effacé.',
  )
}

/**
 * Joins the server running on `folder`/base, waited for as long as a start may take. For the processes that the supervisor keeps alive: one that
 * started a server of its own would take it with it when it falls.
 */
export async function joinEmbedded(folder: string): Promise<EmbeddedServer> {
  const cluster = clusterFolder(folder)
  const deadline = performance.now() + 10_000
  while (performance.now() < deadline) {
    const running = await joinRunning(cluster)
    if (running) return running
    await sleep(30)
  }
  throw new EmbeddedError(`La base de données du dossier ${folder} ne répond pas encore.`)
}

const LEAST_MB = 128
const MOST_MB = 2048
const MODEST = { shared_buffers: `${LEAST_MB}MB`, shared_preload_libraries: '' }
const COMFORT_REFUSED =
  /could not (map anonymous shared memory|create shared memory segment|load library|access file)|invalid value for parameter "shared_buffers"/

/**
 * An eighth of the memory (PostgreSQL's documentation proposes a quarter for a machine of its own), of which only what is used is taken; what was there is
 * read again after a restart: on 13 GB of dossiers, the first searches took four times longer.
 */
function comfort(native: string): Record<string, string> {
  const limit = process.constrainedMemory()
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  const megabytes = Math.min(MOST_MB, Math.max(LEAST_MB, Math.floor(memory / 8 / 1024 ** 2)))
  const modules = ['lib/postgresql/pg_prewarm.so', 'lib/postgresql/pg_prewarm.dylib', 'lib/pg_prewarm.dll']
  const hasPrewarm = modules.some(path => existsSync(join(native, path)))
  return { shared_buffers: `${megabytes}MB`, shared_preload_libraries: hasPrewarm ? 'pg_prewarm' : '' }
}

async function launch(
  native: string,
  cluster: string,
  logPath: string,
  more: Readonly<Record<string, string>>,
): Promise<EmbeddedServer | string> {
  const socketFolder = socketFolderOf(cluster)
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    port: String(SOCKET_PORT),
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_min_messages: 'warning',
    ...more,
  }
  const args = ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  // Stopped by the kernel with its parent, kill -9 included: INT is PostgreSQL's fast shutdown.
  const tied = canTieToParent()
  const log = openSync(logPath, 'a', 0o600)
  const logStart = statSync(logPath).size
  const child = spawn(
    tied ? 'setpriv' : join(native, 'bin/postgres'),
    tied ? ['--pdeathsig', 'INT', join(native, 'bin/postgres'), ...args] : args,
    {
      ...identity,
      cwd: '/',
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin', TZ: 'UTC' },
      stdio: ['ignore', log, log],
      detached: true, // Ctrl-C reaches us alone; we then stop the server after the last request
    },
  )
  const ended = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`PostgreSQL s’est arrêté (${signal ?? `code ${code}`}).`))
  })
  child.unref()
  let reason: string | undefined
  void ended.then(text => {
    reason = text
  })
  while (reason === undefined) {
    if (await answers(socketFolder)) return server(child, socketFolder, ended)
    await sleep(15)
  }
  return readFileSync(logPath, 'utf8').slice(logStart).slice(-2000) || reason
}

// The same folder at each start of a cluster, so that open pools find the server again after a crash. Short: a socket's path has
// 107 bytes at most. A folder of that name that belongs to somebody else is not used.
function socketFolderOf(cluster: string): string {
  const owner = isRoot ? UNPRIVILEGED_ID : (process.getuid?.() ?? 0)
  const stable = join(tmpdir(), `parvis-pg-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`)
  try {
    mkdirSync(stable, { mode: 0o700 })
    if (isRoot) chownSync(stable, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const found = lstatSync(stable)
  if (found.isDirectory() && found.uid === owner && (found.mode & 0o077) === 0) return stable
  const other = mkdtempSync(join(tmpdir(), 'parvis-pg-'))
  if (isRoot) chownSync(other, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
  return other
}

const server = (child: ChildProcess, socketFolder: string, ended: Promise<string>): EmbeddedServer => ({
  socketFolder,
  port: SOCKET_PORT,
  isReused: false,
  ended,
  async stop() {
    child.ref()
    child.kill('SIGINT')
    await ended
    rmSync(socketFolder, { recursive: true, force: true })
  },
})

function canTieToParent(): boolean {
  return process.platform === 'linux' && spawnSync('setpriv', ['--version']).status === 0
}

/** postmaster.pid: line 1 the process, line 5 the socket's folder (PostgreSQL, src/include/utils/pidfile.h). */
async function joinRunning(cluster: string): Promise<EmbeddedServer | undefined> {
  let lines: string[]
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    accessSync(lines[4] ?? '', constants.F_OK)
  } catch {
    return undefined
  }
  const socketFolder = lines[4]!
  if (!(await answers(socketFolder))) return undefined
  return { socketFolder, port: SOCKET_PORT, isReused: true, ended: goneOf(cluster, lines[0] ?? ''), stop: async () => {} }
}

// The process that started the server may stop it while we use it: looked at twice a second.
function goneOf(cluster: string, pid: string): Promise<string> {
  return new Promise(resolve => {
    const timer = setInterval(() => {
      let present = ''
      try {
        present = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0] ?? ''
      } catch {
        present = ''
      }
      if (present === pid && isAlive(Number(pid))) return
      clearInterval(timer)
      resolve('PostgreSQL a été arrêté par le programme qui l’avait démarré.')
    }, 500)
    timer.unref()
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function answers(socketFolder: string): Promise<boolean> {
  if (!existsSync(join(socketFolder, `.s.PGSQL.${SOCKET_PORT}`))) return false
  const client = new pg.Client({
    host: socketFolder,
    port: SOCKET_PORT,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
