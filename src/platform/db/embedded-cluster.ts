import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { EmbeddedError, identity, isRoot, isTraversableByAll, ROOT_HOME, UNPRIVILEGED_ID } from './embedded-binaries.ts'

/**
 * The cluster is `folder`/base. As root under a closed folder (/root is 0700) the server's own user could not reach it:
 * `base` is then a link to a folder of ROOT_HOME, and removing the data folder leaves only that, swept at a later start.
 */
export function clusterFolder(folder: string): string {
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

/** Creates an empty cluster, whole or not at all. */
export function initialise(native: string, cluster: string): void {
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
