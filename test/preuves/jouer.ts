import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Preuve } from '../builders/preuves.ts'
import type { Machine } from './machines.ts'

/** What a machine left behind it, and how its file of tests ended. */
export interface Joue extends Machine {
  /** `reussi` when the whole file passed, `absent` when there is no such file, `long` when it was stopped. */
  readonly fin: 'reussi' | 'echec' | 'long' | 'absent'
  readonly dureeS: number
  readonly preuve: (Preuve & { readonly complet: boolean }) | undefined
}

export interface Reglages {
  readonly racine: string
  readonly isComplet: boolean
  /** Past this since the beginning, what is left is played the quick way, and the page says so. */
  readonly budgetMs: number
  /** Past this, a file is stopped and told as such. */
  readonly patienceMs: number
  /** Told before each file, then given what it printed when it did not pass. */
  readonly dire: (text: string) => void
}

/** Plays the machines one file after the other, so that none disturbs the figures of another. A failure is a result, never an exception. */
export async function jouer(machines: readonly Machine[], reglages: Reglages): Promise<Joue[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-preuves-'))
  try {
    const start = performance.now()
    const ends = new Map<string, Pick<Joue, 'fin' | 'dureeS'>>()
    for (const fichier of new Set(machines.map(machine => machine.fichier))) {
      const isComplet = reglages.isComplet && performance.now() - start < reglages.budgetMs
      ends.set(fichier, await lancer(fichier, folder, { ...reglages, isComplet }))
    }
    return machines.map(machine => ({ ...machine, ...ends.get(machine.fichier)!, preuve: laissee(folder, machine.nom) }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function lancer(
  fichier: string,
  folder: string,
  { racine, isComplet, patienceMs, dire }: Reglages,
): Promise<Pick<Joue, 'fin' | 'dureeS'>> {
  dire(`── ${fichier}`)
  if (!existsSync(join(racine, fichier))) return { fin: 'absent', dureeS: 0 }
  const start = performance.now()
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', '--test', '--test-isolation=none', fichier], {
    cwd: racine,
    env: { ...environment, PARVIS_PREUVES: folder, PARVIS_COMPLET: isComplet ? '1' : '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what it started ends with it.
    detached: true,
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      text += chunk
    })
  }
  const end = () => process.kill(-child.pid!, 'SIGKILL')
  const interrupted = () => {
    end()
    process.exit(130)
  }
  process.once('SIGINT', interrupted)
  let isLong = false
  const timer = setTimeout(() => {
    isLong = true
    end()
  }, patienceMs)
  const code = await new Promise(resolve => child.once('close', resolve))
  clearTimeout(timer)
  process.off('SIGINT', interrupted)
  const fin = isLong ? 'long' : code === 0 ? 'reussi' : 'echec'
  dire(fin === 'reussi' ? text.slice(text.lastIndexOf('\nℹ tests') + 1) : text)
  return { fin, dureeS: Math.round((performance.now() - start) / 1000) }
}

function laissee(folder: string, nom: string): Joue['preuve'] {
  try {
    return JSON.parse(readFileSync(join(folder, `${nom}.json`), 'utf8'))
  } catch {
    return undefined
  }
}
