import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a crowd was answered. */
export interface Foule {
  demandes: number
  /** How many answers of each status. */
  readonly statuts: Record<string, number>
  /** Connections cut, and no answer within 20 s. */
  erreurs: number
  /** Refusals that do not say when to come back. */
  sansRetryAfter: number
  /** From the moment it was to be sent to the first byte of the answer. */
  readonly dureesMs: Record<string, number[]>
  /** The head of the first refusal. */
  refus: string
}

/**
 * Sends a crowd of newcomers to one address, from another process: `rate` a second for some seconds, answered or not, `atOnce` together at most.
 * Who would come while as many are there does not, and is not counted.
 */
export function lancerFoule(url: string, rate: number, seconds: number, atOnce = 1000): Promise<Foule> {
  const child = fork(fileURLToPath(new URL('./foule-enfant.ts', import.meta.url)), [url, rate, seconds, atOnce].map(String), {
    execArgv: ['--import', 'tsx'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as Foule))
    child.once('exit', code => reject(new Error(`the crowd fell (${code})`)))
  })
}
