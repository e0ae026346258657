#!/usr/bin/env node
// npm test: everything that must pass, as named steps. `npm test -- src/modules/dossiers` runs the tests of one place only.
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { needNode24, root } from './node24.js'

needNode24()
// Only now: the build uses what an older Node lacks.
const { buildIfStale } = await import('./build.js')
const [place] = process.argv.slice(2)
const bin = name => join(root, 'node_modules', '.bin', name)

function step(name, command, args) {
  console.log(`\n── ${name}`)
  const run = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (run.status !== 0) fail(name, run.status)
}

function fail(name, code) {
  console.error(`\n✗ ${name} : échec.`)
  process.exit(code ?? 1)
}

if (!place) {
  step('Types', bin('tsc'), ['-p', '.'])
  step('Style et erreurs courantes', bin('biome'), ['check', '.'])
}
console.log('\n── Construction')
await buildIfStale()
// The first two at once, on two cores; what the second prints waits for the end of the first. Journeys go apart: a browser and a whole
// demonstration want the machine for themselves.
const suites = place
  ? [[place, [`${place}/**/*.test.ts`, `${place}/**/*.test.tsx`]]]
  : [
      ['Règles, commandes et pages, sur une base réelle', ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/maison.test.ts']],
      ['Sécurité', ['test/security/**/*.test.ts']],
      ['Démarrage et parcours dans un navigateur', ['test/demarrage.test.ts', 'test/browser/**/*.test.ts']],
    ]
const args = files => ['--import', 'tsx', '--test', '--test-isolation=none', ...files]

/** Runs a suite in the background; gives what it printed and its exit code. */
function aside(files) {
  const child = spawn(process.execPath, args(files), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += chunk))
  return new Promise(resolve => child.once('close', code => resolve({ text, code })))
}

function foreground(name, files) {
  console.log(`\n── ${name}`)
  const child = spawn(process.execPath, args(files), { cwd: root, stdio: 'inherit' })
  return new Promise(resolve => child.once('close', code => resolve(code)))
}

const [[first, firstFiles], second, ...others] = suites
const beside = second && aside(second[1])
const code = await foreground(first, firstFiles)
if (second) {
  const { text, code: secondCode } = await beside
  console.log(`\n── ${second[0]}\n${text}`)
  for (const [name, found] of [
    [first, code],
    [second[0], secondCode],
  ])
    if (found !== 0) fail(name, found)
} else if (code !== 0) fail(first, code)
// Nothing is printed after the last suite: the runner's own closing lines come last.
for (const [name, files] of others) step(name, process.execPath, args(files))
