#!/usr/bin/env node
// npm test: everything that must pass, as named steps. `npm test -- src/modules/dossiers` runs the tests of one place only.
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { writeInMemory } from './memory.js'
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
  step('Style et erreurs courantes', bin('biome'), ['check', '--diagnostic-level=warn', '.'])
}
console.log('\n── Construction')
await buildIfStale()

writeInMemory()
// Before the suites, which would unpack it at the same time.
if (!place)
  await (await import('../test/builders/navigateur.ts')).trouverLeNavigateur().catch(error => {
    console.error(error.message)
    fail('Navigateur')
  })

// Three at a time, the longest first: each waits for a browser or a database half of the time. The journeys in a browser are dealt into
// two suites, each with a browser and a demonstration of its own; the table of all pages takes as long as a dozen of the others.
const journeys = globSync('test/browser/*.test.ts', { cwd: root }).sort()
const isAlone = file => file.endsWith('pages.test.ts')
const dealt = journeys.filter(file => !isAlone(file))
const starting = ['test/demarrage.test.ts', 'test/sauvegarde.test.ts']
const suites = place
  ? [[place, [`${place}/**/*.test.ts`, `${place}/**/*.test.tsx`]]]
  : [
      ['Parcours dans un navigateur (1)', dealt.filter((_, index) => index % 2 === 1)],
      ['Parcours dans un navigateur (2), toutes les pages', [...journeys.filter(isAlone), ...dealt.filter((_, index) => index % 2 === 0)]],
      ['Sécurité', ['test/security/**/*.test.ts']],
      [
        'Règles, commandes et pages, sur une base réelle',
        [
          'src/**/*.test.ts',
          'src/**/*.test.tsx',
          ...globSync('test/*.test.ts', { cwd: root }).filter(file => !starting.includes(file)),
          'test/preuves/*.test.ts',
        ],
      ],
      ['Démarrage, sauvegarde, pannes', [...starting, 'test/crash/**/*.test.ts']],
    ]

/** Runs a suite to its end, then prints what it printed: its closing lines are the runner's own. */
function run([name, files]) {
  const start = performance.now()
  const child = spawn(process.execPath, ['--max-semi-space-size=64', '--import', 'tsx', '--test', '--test-isolation=none', ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += chunk))
  return new Promise(resolve =>
    child.once('close', code => {
      process.stdout.write(`\n── ${name} (${Math.round((performance.now() - start) / 1000)} s)\n${text}`)
      resolve(code)
    }),
  )
}

const waiting = [...suites]
const failed = []
async function worker() {
  for (let suite = waiting.shift(); suite; suite = waiting.shift()) if ((await run(suite)) !== 0) failed.push(suite[0])
}
console.log('\n── Essais : trois suites à la fois, chacune s’affiche quand elle finit')
await Promise.all([worker(), worker(), worker()])
if (failed.length > 0) fail(failed.join(' ; '), 1)
