#!/usr/bin/env node
// npm test: everything that must pass, as named steps. `npm test -- src/modules/dossiers` runs the tests of one place only.
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { needNode24, root } from './node24.js'

needNode24()
// Only now: the build uses what an older Node lacks.
const { globSync } = await import('node:fs')
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
// Two at once, on two cores; what the second prints waits for the end of the first. The table of all pages takes as long as the other
// journeys together, so it goes beside them, each with a browser and a demonstration of its own.
const journeys = globSync('test/browser/*.test.ts', { cwd: root }).filter(file => !file.endsWith('pages.test.ts'))
const stages = place
  ? [[[place, [`${place}/**/*.test.ts`, `${place}/**/*.test.tsx`]]]]
  : [
      [
        ['Règles, commandes et pages, sur une base réelle', ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/maison.test.ts']],
        ['Sécurité', ['test/security/**/*.test.ts']],
      ],
      [
        ['Parcours dans un navigateur', journeys],
        ['Démarrage, et toutes les pages dans un navigateur', ['test/demarrage.test.ts', 'test/browser/pages.test.ts']],
      ],
    ]

/** Runs a suite; the foreground one prints as it goes, the other gives what it printed. */
function run(files, isAside) {
  const stdio = isAside ? ['ignore', 'pipe', 'pipe'] : 'inherit'
  const child = spawn(process.execPath, ['--import', 'tsx', '--test', '--test-isolation=none', ...files], { cwd: root, stdio })
  let text = ''
  if (isAside) for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += chunk))
  return new Promise(resolve => child.once('close', code => resolve({ text, code })))
}

for (const [first, second] of stages) {
  const beside = second && run(second[1], true)
  console.log(`\n── ${first[0]}`)
  const { code } = await run(first[1], false)
  const other = await beside
  // Nothing is printed after the last suite: the runner's own closing lines come last.
  if (other) process.stdout.write(`\n── ${second[0]}\n${other.text}`)
  if (code !== 0) fail(first[0], code)
  if (other && other.code !== 0) fail(second[0], other.code)
}
