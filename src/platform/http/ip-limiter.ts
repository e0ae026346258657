import type { Clock } from '../clock.ts'

const WINDOW_MS = 10 * 60 * 1000
const MAX_KEYS = 20_000

/**
 * Counts attempts per address in this process: a loose brake, since a whole mairie shares one address. With several web processes an address may go
 * as many times further, which is still little beside a crowd. Strict ones live in the database, counted for all (auth/attempts.ts).
 */
export class IpLimiter {
  readonly #clock: Clock
  readonly #counts = new Map<string, { since: number; count: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes one attempt; false when `max` were already taken in the last 10 minutes. */
  take(key: string, max: number): boolean {
    const now = this.#clock.now().getTime()
    const known = this.#counts.get(key)
    const entry = known && now - known.since <= WINDOW_MS ? known : { since: now, count: 0 }
    // Who came last is kept: whoever insists is not forgotten when a crowd of addresses passes.
    this.#counts.delete(key)
    this.#counts.set(key, entry)
    if (this.#counts.size > MAX_KEYS) this.#counts.delete(this.#counts.keys().next().value!)
    entry.count++
    return entry.count <= max
  }
}
