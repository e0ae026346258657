#!/usr/bin/env node
// npm run bench [service [demarrages|pages|memoire|taille] | depot | formulaire | catalogue | export | poids | instruction | charge [--minutes N]]: the figures of docs/performance.md.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { needNode24, root } from './node24.js'

needNode24()
const { buildIfStale } = await import('./build.js')
await buildIfStale()
const [which, ...rest] = process.argv.slice(2)
for (const name of which ? [which] : ['service', 'depot', 'formulaire', 'catalogue', 'export', 'poids']) {
  const run = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'bench', `${name}.ts`), ...rest], { cwd: root, stdio: 'inherit' })
  if (run.status !== 0) process.exit(run.status ?? 1)
}
