#!/usr/bin/env node
// npm run dev: the program from its sources, started again at each change.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { needNode24, root } from './node24.js'

needNode24()
const child = spawn(
  process.execPath,
  ['--import', 'tsx', '--watch-path', join(root, 'src'), join(root, 'src', 'cli.ts'), 'demarrer', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
child.on('exit', code => process.exit(code ?? 0))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
