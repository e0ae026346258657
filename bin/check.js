#!/usr/bin/env node
// npm run check: types and style, in two seconds.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { needNode24, root } from './node24.js'

needNode24()
for (const [name, args] of [
  ['tsc', ['-p', '.']],
  ['biome', ['check', '.']],
]) {
  const run = spawnSync(join(root, 'node_modules', '.bin', name), args, { cwd: root, stdio: 'inherit' })
  if (run.status !== 0) process.exit(run.status ?? 1)
}
