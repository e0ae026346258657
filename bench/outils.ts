import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import autocannon from 'autocannon'

/** The median of some numbers. */
export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** The value below which `p` percent of the numbers are. */
export const percentile = (values: readonly number[], p: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? 0
}

/** Requests a second on one address, with the encodings that a browser accepts unless told otherwise. Throws when an answer is not 2xx. */
export async function debit(url: string, seconds: number, encodings = 'br, gzip', connections = 16): Promise<number> {
  const result = await autocannon({ url, connections, duration: seconds, headers: { 'accept-encoding': encodings } })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} answers not 2xx, ${result.errors} errors`)
  return result.requests.average
}

/** Time of each of `count` requests made one after the other, in milliseconds. */
export async function durees(url: (index: number) => string, count: number): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const start = performance.now()
    const answer = await fetch(url(index))
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`${url(index)}: ${answer.status}`)
    times.push(performance.now() - start)
  }
  return times
}

/** The pid of the process of Parvis with this role (web, travaux) among the children of its supervisor. */
export function pidDe(supervisor: number, role: string): number {
  for (const name of readdirSync('/proc').filter(n => /^\d+$/.test(n))) {
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').filter(Boolean)
      if (parent === supervisor && words.at(-1) === role) return Number(name)
    } catch {
      // the process ended between the two readings
    }
  }
  throw new Error(`no process ${role}`)
}

/** Resident memory of a process, in MB. */
export const memoireMo = (pid: number): number => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)![1]) / 1024

/** Runs a command and gives what it printed; throws when it fails. */
export function executer(command: string, args: string[], options: { env?: Record<string, string>; uid?: number } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const child: ChildProcess = spawn(command, args, { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout!.on('data', chunk => {
      text += chunk
    })
    child.stderr!.on('data', chunk => {
      text += chunk
    })
    child.once('error', reject)
    child.once('exit', code => (code === 0 ? resolve(text) : reject(new Error(text))))
  })
}

/** One line of the results. */
export function ligne(mesure: string, valeur: string, cible: string): void {
  console.log(`| ${mesure} | ${valeur} | ${cible} |`)
}
