#!/usr/bin/env node
// npm run preuves [-- --rapide | --minutes=8]: plays the machines of proof, in full unless said otherwise, then writes docs/preuves.md. Fails when one of them does.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeInMemory } from './memory.js'
import { needNode24, root } from './node24.js'

needNode24()
const { buildIfStale } = await import('./build.js')
await buildIfStale()
writeInMemory()
const [{ machines }, { jouer }, { isConcluant, pageDesPreuves, verdict }, { conditions }] = await Promise.all([
  import('../test/preuves/machines.ts'),
  import('../test/preuves/jouer.ts'),
  import('../test/preuves/page.ts'),
  import('../test/preuves/conditions.ts'),
])
const minutes = Number(process.argv.find(said => said.startsWith('--minutes='))?.slice('--minutes='.length) ?? Number.POSITIVE_INFINITY)
const isComplet = !process.argv.includes('--rapide')
const around = conditions(isComplet)
const joues = await jouer(machines, { racine: root, isComplet, budgetMs: minutes * 60_000, patienceMs: 25 * 60_000, dire: console.log })
writeFileSync(join(root, 'docs', 'preuves.md'), pageDesPreuves(joues, around))
console.log('\n── docs/preuves.md')
for (const joue of joues) console.log(`  ${joue.nom} : ${verdict(joue).replaceAll('*', '')} (${joue.dureeS} s)`)
process.exitCode = isConcluant(joues) ? 0 : 1
