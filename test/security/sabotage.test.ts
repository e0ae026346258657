import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { projectFolder } from '../../src/platform/config.ts'
import { isComplet, noterPreuve } from '../builders/preuves.ts'
import { SABOTAGES } from './sabotages.ts'

// Those that take a few seconds; the others in full only.
const RAPIDES = ['sans politique de ligne', 'droit changé dans le registre']

/** Plays one test of a machine in a process of its own; gives its exit code and what it printed. */
function jouer(fichier: string, essai: string, sabotage: string): Promise<{ code: number | null; text: string }> {
  const args = ['--import', 'tsx', '--test', '--test-isolation=none', `--test-name-pattern=${essai}`, fichier]
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const child = spawn(process.execPath, args, {
    cwd: projectFolder,
    env: { ...env, PARVIS_SABOTAGE: sabotage, PARVIS_PREUVES: '', PARVIS_COMPLET: '' },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += chunk))
  return new Promise(resolve => child.once('close', code => resolve({ code, text })))
}

test('each machine turns red when one control is taken away', async () => {
  const names = isComplet ? Object.keys(SABOTAGES) : RAPIDES
  const green: string[] = []
  for (const name of names) {
    const { fichier, essai } = SABOTAGES[name]!
    const { code, text } = await jouer(fichier, essai, name)
    // Red for its own reason: the test was played, and it failed; nothing else did.
    const isRed = code === 1 && /^ℹ fail 1$/m.test(text) && /AssertionError/.test(text)
    if (!isRed) green.push(`${name} (${fichier}): ${text.slice(-600)}`)
  }
  assert.deepEqual(green, [])
  noterPreuve({
    machine: 'sabotages',
    titre: 'Retirer un contrôle du programme et voir la machine qui le garde devenir rouge',
    mesures: [
      {
        nom: 'contrôles retirés un à un, tous vus',
        valeur: `${names.length}`,
        cible: `${Object.keys(SABOTAGES).length}`,
        tenue: isComplet,
      },
    ],
    nonJoue: isComplet ? [] : Object.keys(SABOTAGES).filter(name => !RAPIDES.includes(name)),
  })
})
