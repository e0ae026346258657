import { createServer as createProbe } from 'node:net'
import { fileURLToPath } from 'node:url'
import { commands } from './commands.ts'
import { createWeb, createWorker, openApp, openConnections } from './main.ts'
import { type Config, ConfigError, environmentWith, readConfig } from './platform/config.ts'
import { requireSchema } from './platform/db/migrate.ts'
import { listen } from './platform/http/listen.ts'
import { supervise } from './supervisor.ts'

const [command = 'demarrer', ...rest] = process.argv.slice(2)

try {
  process.exitCode = await run(command, rest)
} catch (error) {
  const isExpected =
    error instanceof ConfigError ||
    ['EmbeddedError', 'MigrationError', 'BackupError', 'DistributionError', 'ExpectedFailure'].includes((error as Error).name)
  console.error(`\n${isExpected ? (error as Error).message : explain(error)}\n`)
  process.exitCode = 1
}
// The embedded server is not a handle that keeps the process alive, but a closed IPC channel can be: the work is done.
if (process.exitCode !== undefined) process.exit()

async function run(name: string, args: string[]): Promise<number | undefined> {
  const { options, words } = parse(args)
  const config = readConfig(environmentWith(options))
  const entry = fileURLToPath(import.meta.url)
  if (name === 'demarrer' || name.startsWith('--')) {
    const all = name.startsWith('--') ? parse([name, ...args]).options : options
    return supervise(readConfig(environmentWith(all)), entry, environmentWith(all))
  }
  if (name === 'web') return serve(config, options.partage !== undefined)
  if (name === 'travaux') return work(config)
  const chosen = commands.find(c => c.name === [name, ...words].slice(0, c.name.split(' ').length).join(' '))
  if (name === 'aide') {
    console.log(`Commandes de Parvis :\n\n${commands.map(c => `  bin/parvis ${c.usage}\n      ${c.help}`).join('\n')}`)
    return 0
  }
  if (!chosen) {
    console.error(
      `Commande inconnue : ${[name, ...words].join(' ')}\n\n${commands.map(c => `  bin/parvis ${c.usage}\n      ${c.help}`).join('\n')}`,
    )
    return 2
  }
  return chosen.run(config, [name, ...words].slice(chosen.name.split(' ').length), options)
}

/** `--territoire 33 --vide` are the variables PARVIS_TERRITOIRE and PARVIS_VIDE, said on the command line. */
function parse(args: string[]): { options: Record<string, string>; words: string[] } {
  const options: Record<string, string> = {}
  const words: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (!arg.startsWith('--')) {
      words.push(arg)
      continue
    }
    const [name, value] = arg.slice(2).split(/=(.*)/s)
    const next = args[i + 1]
    if (value !== undefined) options[name!] = value
    else if (next !== undefined && !next.startsWith('--')) options[name!] = args[++i]!
    else options[name!] = 'oui'
  }
  return { options, words }
}

// Under the supervisor, the embedded database is the supervisor's.
const join = { mayStart: process.send === undefined }

// `isShared`: another web process of this supervisor listens to this port already.
async function serve(config: Config, isShared: boolean): Promise<undefined> {
  const connections = await openConnections(config, join)
  await requireSchema(connections.app)
  const port = isShared ? config.port : await freePort(config)
  const address = config.origin ?? `http://localhost:${port}`
  const { app, close } = await openApp(config, connections, 'web', () => address)
  const web = await createWeb(app, connections)
  await listen(web.server, { port, host: config.listenHost })
  process.send?.({ address, port, askedPort: config.port || port })
  void web.warmUp()
  onStop(async () => {
    await web.close()
    await close()
  })
}

async function work(config: Config): Promise<undefined> {
  const connections = await openConnections(config, join)
  await requireSchema(connections.app)
  const { app, close } = await openApp(config, connections, 'travaux', () => config.origin ?? `http://localhost:${config.port}`)
  const worker = await createWorker(app, connections)
  process.send?.({ address: '', port: 0, askedPort: 0 })
  void worker.ended.then(() => process.exit(1)) // the supervisor starts another
  onStop(async () => {
    await worker.stop()
    await close()
  })
}

/** Stops on SIGTERM, on Ctrl-C, and when the supervisor is gone, kill -9 included. */
function onStop(stop: () => Promise<void>): void {
  let isStopping = false
  const once = () => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(0), 4000).unref()
    void stop().finally(() => process.exit(0))
  }
  process.on('SIGTERM', once)
  process.on('SIGINT', once)
  process.on('disconnect', once)
  process.on('unhandledRejection', reason => {
    console.error(explain(reason))
    process.exit(1)
  })
}

async function freePort(config: Config): Promise<number> {
  if (config.port === 0) return tryPort(0, config.listenHost) as Promise<number>
  for (let port = config.port; port < config.port + 50; port++) {
    if (await tryPort(port, config.listenHost)) return port
  }
  throw new ConfigError(`Les ports ${config.port} à ${config.port + 49} sont tous pris. Choisissez-en un autre avec PORT.`)
}

function tryPort(port: number, host: string): Promise<number | false> {
  return new Promise((resolve, reject) => {
    const probe = createProbe()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE'
        ? resolve(false)
        : reject(new ConfigError(`Impossible d’écouter sur ${host}:${port} (${error.code}). Vérifiez PORT et PARVIS_ECOUTE.`)),
    )
    probe.listen(port, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : false))
    })
  })
}

function explain(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC') return 'Le disque est plein. Libérez de la place, puis recommencez : rien de ce qui a été confirmé n’est perdu.'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `Parvis n’a pas le droit d’écrire ici : ${message}. Vérifiez le dossier de PARVIS_DONNEES.`
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === '28P01' || code === '28000' || code === '3D000') {
    return `La base de données ne répond pas ou refuse la connexion : ${message}. Vérifiez DATABASE_URL.`
  }
  return `Erreur inattendue : ${stack ?? message}`
}
