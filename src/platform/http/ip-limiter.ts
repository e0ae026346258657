import type { Clock } from '../clock.ts'

const WINDOW_MS = 10 * 60 * 1000
const MAX_KEYS = 20_000

/** Counts attempts per address in this process: a loose brake, since a whole mairie shares one address. Strict ones live in the database. */
export class IpLimiter {
  readonly #clock: Clock
  readonly #counts = new Map<string, { since: number; count: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes one attempt; false when `max` were already taken in the last 10 minutes. */
  take(key: string, max: number): boolean {
    const now = this.#clock.now().getTime()
    let entry = this.#counts.get(key)
    if (!entry || now - entry.since > WINDOW_MS) {
      if (this.#counts.size >= MAX_KEYS) this.#counts.clear()
      entry = { since: now, count: 0 }
      this.#counts.set(key, entry)
    }
    entry.count++
    return entry.count <= max
  }
}
