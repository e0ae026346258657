import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Runs the calling script again under the Node 24 of the lockfile when the machine's own is older; says so when there is none. */
export function needNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return
  const own = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
  if (!existsSync(own)) {
    console.error(`Parvis demande Node 24 ; cette machine a Node ${process.versions.node}. Lancez d’abord : npm ci`)
    process.exit(1)
  }
  const run = spawnSync(own, process.argv.slice(1), { stdio: 'inherit' })
  process.exit(run.status ?? 1)
}
