import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from './platform/config.ts'
import { type EmbeddedServer, startEmbedded } from './platform/db/embedded.ts'

const STOP_MS = 4500
const FIRST_WAIT_MS = 100

// Node sizes its heap for the machine, not for the work, and the system's allocator keeps an arena a thread: on a small server the web
// process would end at 415 MB after 100,000 pages where it needs 130 (bench/service.ts memoire).
const MEMORY: Readonly<Record<string, readonly string[]>> = {
  web: ['--max-old-space-size=192', '--max-semi-space-size=6'],
  // A long export makes short-lived rows by the hundred thousand: left to itself, the heap grows before it is swept.
  travaux: ['--max-old-space-size=256', '--max-semi-space-size=8'],
}

// The thresholds are fixed, or glibc raises them at the first large block that is freed and then gives nothing back to the system:
// 156 MB after 100,000 pages, 147 with them.
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

/** How a child is started. */
interface Start {
  readonly env?: Record<string, string>
  readonly args?: readonly string[]
}

/** What a child says once it serves. */
interface Ready {
  readonly address: string
  readonly port: number
  readonly askedPort: number
}

/**
 * Runs the whole program: the embedded database when no other is given, the preparation, then the web process and the worker, each
 * started again if it falls. Returns the exit code when everything has stopped.
 */
export async function supervise(config: Config, entry: string, environment: Record<string, string>): Promise<number> {
  mkdirSync(config.dataFolder, { recursive: true })
  let isStopping = false
  let database: EmbeddedServer | undefined
  const children = new Map<string, ChildProcess>()
  const stopAsked = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })
  void stopAsked.then(() => {
    isStopping = true
  })

  // « web 2 »: the second process of the command « web ».
  const spawn = (name: string, { env = {}, args = [] }: Start = {}) => {
    const command = name.split(' ')[0]!
    const child = fork(entry, [command, ...args], {
      env: { ...ALLOCATOR, ...environment, ...env },
      execArgv: [...process.execArgv, ...(MEMORY[command] ?? [])],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    children.set(name, child)
    if (command === 'travaux') lowerPriority(child)
    return child
  }
  // A process that falls is started again: at once when it had come to serve, a little later each time when it falls before. What it was doing is
  // in the database.
  const keep = (name: string, start: () => Start, onReady?: (ready: Ready) => void, delayMs = FIRST_WAIT_MS) => {
    const child = spawn(name, start())
    let isReady = false
    child.on('message', message => {
      isReady = true
      onReady?.(message as Ready)
    })
    child.once('exit', async code => {
      if (isStopping) return
      console.error(`Le processus « ${name} » s’est arrêté (${code ?? 'signal'}) ; il redémarre.`)
      const wait = isReady ? FIRST_WAIT_MS : delayMs
      await sleep(wait)
      if (!isStopping) keep(name, start, onReady, Math.min(wait * 2, 10_000))
    })
  }

  if (!config.databaseUrl) database = await openDatabase(config)
  const watch = async (server: EmbeddedServer) => {
    await server.ended
    if (isStopping) return
    console.error('La base de données s’est arrêtée ; elle redémarre.')
    // As long as it takes: a full disk is emptied, a folder is mounted again. The web process says meanwhile that it cannot serve.
    for (let said = ''; !isStopping; await sleep(1000)) {
      try {
        database = await openDatabase(config)
        break
      } catch (error) {
        if ((error as Error).message !== said) console.error((error as Error).message)
        said = (error as Error).message
      }
    }
    if (isStopping) await database?.stop()
    else if (database) void watch(database)
  }
  if (database) void watch(database)

  const prepared = await Promise.race([exitOf(spawn('preparer')), stopAsked])
  if (prepared === undefined || prepared !== 0) {
    isStopping = true
    await stopAll(children, database)
    return prepared ?? 0
  }

  // The first web process finds the port; it starts again on the same, and the others share it.
  let first: Ready | undefined
  const others = config.webProcesses > 1 ? ['--partage'] : []
  const startWeb = (): Start => (first ? { env: { PORT: String(first.port) }, args: others } : {})
  await Promise.race([
    stopAsked,
    new Promise<void>(resolve =>
      keep('web', startWeb, ready => {
        if (first) return
        first = ready
        announce(config, ready)
        resolve()
      }),
    ),
  ])
  if (!isStopping) {
    for (let rank = 2; rank <= config.webProcesses; rank++) keep(`web ${rank}`, startWeb)
    keep('travaux', () => ({ env: { PARVIS_ORIGINE: config.origin ?? first?.address ?? '' } }))
  }
  await stopAsked
  await stopAll(children, database)
  return 0
}

// Somebody is in front of the web process; a photograph being read, a document being made can wait a moment for it. Said before the child has made
// any thread: those that it makes inherit it.
function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, 5)
  } catch {
    // It has ended already: the supervisor is told so.
  }
}

// Sixteen connections at most for a web process, and the embedded server has room for one of them, the worker and the commands.
const openDatabase = (config: Config): Promise<EmbeddedServer> => startEmbedded(config.dataFolder, 80 + 20 * (config.webProcesses - 1))

const exitOf = (child: ChildProcess): Promise<number> => new Promise(resolve => child.once('exit', code => resolve(code ?? 1)))

async function stopAll(children: Map<string, ChildProcess>, database: EmbeddedServer | undefined): Promise<void> {
  const running = [...children.values()].filter(child => child.exitCode === null && child.signalCode === null)
  const ends = running.map(exitOf)
  for (const child of running) child.kill('SIGTERM')
  await Promise.race([Promise.all(ends), sleep(STOP_MS)])
  for (const child of running) if (child.exitCode === null) child.kill('SIGKILL')
  await database?.stop()
}

interface Demonstration {
  communes: { nom: string; insee: string; chemin: string }[]
  agents: { collectivite: string; role: string; courriel: string; motDePasse: string; totp: string }[]
}

function announce(config: Config, ready: Ready): void {
  const lines = ['']
  if (ready.port !== ready.askedPort) lines.push(`Le port ${ready.askedPort} est déjà pris : Parvis écoute sur le port ${ready.port}.`, '')
  lines.push(`Parvis est ouvert : ${ready.address}`, `Données : ${config.dataFolder}`)
  if (config.demonstration) lines.push(...announceDemonstration(config, ready.address))
  if (!config.demonstration && !config.smtpUrl)
    lines.push('', 'Aucun serveur de courriel (PARVIS_SMTP) : les messages attendent, ils partiront quand il sera configuré.')
  lines.push('', 'Pour arrêter : Ctrl-C.', '')
  console.log(lines.join('\n'))
}

function announceDemonstration(config: Config, address: string): string[] {
  const path = join(config.dataFolder, 'demonstration.json')
  const demonstration: Demonstration = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(`${path}.nouveau`, `${JSON.stringify({ ...demonstration, adresse: address }, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.nouveau`, path)
  const first = demonstration.communes[0]
  return [
    '',
    'C’est une démonstration : les communes sont réelles, les personnes, les numéros et les dossiers sont fictifs.',
    ...(first ? [`Une commune : ${address}${first.chemin}`, `Son espace des agents : ${address}${first.chemin}/agent`] : []),
    '',
    'Agents fictifs (le code à six chiffres s’obtient avec la clé, dans une application ou par « bin/parvis agent code <clé> ») :',
    ...demonstration.agents.map(
      a => `  ${a.role.padEnd(15)} ${a.courriel}  mot de passe : ${a.motDePasse}  clé : ${a.totp}  (${a.collectivite})`,
    ),
  ]
}
