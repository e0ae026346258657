#!/usr/bin/env node
// npm test: everything that must pass, as named steps. `npm test -- src/modules/dossiers` runs the tests of one place only.
import { spawnSync } from 'node:child_process'
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
  if (run.status !== 0) {
    console.error(`\n✗ ${name} : échec.`)
    process.exit(run.status ?? 1)
  }
}

if (!place) {
  step('Types', bin('tsc'), ['-p', '.'])
  step('Style et erreurs courantes', bin('biome'), ['check', '.'])
}
console.log('\n── Construction')
await buildIfStale()
// Journeys go apart: a browser and a whole demonstration want the machine for themselves.
const suites = place
  ? [[place, [`${place}/**/*.test.ts`, `${place}/**/*.test.tsx`]]]
  : [
      ['Règles, commandes et pages, sur une base réelle', ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/maison.test.ts']],
      ['Sécurité', ['test/security/**/*.test.ts']],
      ['Démarrage et parcours dans un navigateur', ['test/demarrage.test.ts', 'test/browser/**/*.test.ts']],
    ]
// Nothing is printed after the last suite: the runner's own closing lines come last.
for (const [name, files] of suites) step(name, process.execPath, ['--import', 'tsx', '--test', '--test-isolation=none', ...files])
