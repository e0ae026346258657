import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolder } from '../../src/platform/config.ts'
import { testFolder } from '../../src/platform/db/testing.ts'

/** What demonstration.json says of a running demonstration. */
export interface Demonstration {
  readonly adresse: string
  readonly communes: readonly { nom: string; insee: string; chemin: string }[]
  readonly agents: readonly { collectivite: string; role: string; courriel: string; motDePasse: string; totp: string }[]
}

/** The whole program, as `npm start` runs it, in a folder of its own. */
export interface Parvis {
  readonly adresse: string
  readonly dossier: string
  readonly demonstration: Demonstration
  readonly process: ChildProcess
  /** Everything the program printed. */
  output(): string
  /** Asks it to stop, and gives its exit code. */
  stop(): Promise<number | null>
}

const PATIENCE_MS = 60_000

/** Starts the built program and waits until it serves. `dossier` keeps the data of a former run; `programme` is another installation. */
export async function demarrerParvis(
  options: { args?: string[]; env?: Record<string, string>; dossier?: string; programme?: string } = {},
): Promise<Parvis> {
  const dossier = options.dossier ?? testFolder('parvis-essai-')
  let text = ''
  const child = spawn(process.execPath, [join(options.programme ?? projectFolder, 'bin/start.js'), ...(options.args ?? [])], {
    env: { ...process.env, PORT: '0', PARVIS_DONNEES: dossier, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.on('data', chunk => {
    text += chunk
  })
  child.stderr.on('data', chunk => {
    text += chunk
  })
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const adresse = text.match(/Parvis est ouvert : (\S+)/)?.[1]
    if (adresse) {
      const demonstration = readDemonstration(dossier)
      return {
        adresse,
        dossier,
        demonstration,
        process: child,
        output: () => text,
        stop: () => stop(child),
      }
    }
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`Parvis did not start (${child.exitCode}):\n${text}`)
    await sleep(30)
  }
}

function readDemonstration(dossier: string): Demonstration {
  try {
    return JSON.parse(readFileSync(join(dossier, 'demonstration.json'), 'utf8'))
  } catch {
    return { adresse: '', communes: [], agents: [] }
  }
}

function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise(resolve => {
    child.once('exit', code => resolve(code))
    child.kill('SIGTERM')
  })
}

let shared: Promise<Parvis> | undefined

/** One demonstration for all the journeys of a run; stopped and erased with the process. */
export function laDemonstration(): Promise<Parvis> {
  shared ??= demarrerParvis().then(parvis => {
    parvis.process.once('exit', (code, signal) => {
      if (shared) console.error(`Parvis stopped by itself (${code ?? signal}):\n${parvis.output().slice(-4000)}`)
    })
    process.once('exit', () => {
      parvis.process.kill('SIGKILL')
      rmSync(parvis.dossier, { recursive: true, force: true })
    })
    return parvis
  })
  return shared
}

/** Stops the shared demonstration, for the last test of a run. */
export async function fermerLaDemonstration(): Promise<void> {
  const parvis = await shared
  shared = undefined
  await parvis?.stop()
  if (parvis) rmSync(parvis.dossier, { recursive: true, force: true })
}
