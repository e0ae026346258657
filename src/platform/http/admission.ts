/** Who asks: somebody with something to lose (a session of ours, a form being sent), or anybody else. */
export type Rank = 'dedans' | 'arrivant'

/**
 * Sizes of the door. Twice as many at work as there are connections to the database keep it busy; more would only make each other late.
 * Few begin in one turn of the loop (`perTurn`): a page made without waiting for anything is over before the next visitor is seen, takes no place in
 * anybody's eyes, and a crowd that asks for it would be served one by one while the others wait in the system's queue, where nobody refuses them.
 * A crowd that waits longer than `patienceMs` would have left: it is told so at once.
 */
export interface Sizes {
  readonly places: number
  readonly perTurn: number
  readonly holdMs: number
  readonly waiting: Readonly<Record<Rank, number>>
  readonly patienceMs: Readonly<Record<Rank, number>>
}

const SIZES: Sizes = {
  places: 20,
  perTurn: 4,
  holdMs: 1000,
  waiting: { dedans: 256, arrivant: 64 },
  patienceMs: { dedans: 5000, arrivant: 1000 },
}

interface Waiting {
  answer(isAdmitted: boolean): void
}

/**
 * The door of one process: so many requests at work, so many waiting, not for long; the others are refused while refusing is still cheap.
 * Those inside pass before newcomers. A place is given back after `holdMs` even if its request lasts: it then waits for a slow network or for
 * somebody else's work, not for this process, and thirty slow telephones must not close the door.
 */
export class Admission {
  readonly #sizes: Sizes
  readonly #waiting: Readonly<Record<Rank, Set<Waiting>>> = { dedans: new Set(), arrivant: new Set() }
  #taken = 0
  #begunThisTurn = 0

  constructor(sizes: Sizes = SIZES) {
    this.#sizes = sizes
  }

  /** Places taken at this moment: never more than there are. */
  get taken(): number {
    return this.#taken
  }

  /** Whether who comes now has to wait. */
  get isFull(): boolean {
    return this.#taken >= this.#sizes.places || this.#begunThisTurn >= this.#sizes.perTurn
  }

  /**
   * Asks for a place; false when there is none in time, or when as many of this rank wait already. `onGone` is given what to call once the
   * request is over, or its visitor gone: it may be called at any moment, and several times.
   */
  enter(rank: Rank, onGone: (leave: () => void) => void): Promise<boolean> | true | false {
    if (!this.isFull) {
      onGone(this.#take())
      return true
    }
    const line = this.#waiting[rank]
    if (line.size >= this.#sizes.waiting[rank]) return false
    return new Promise(resolve => {
      let leave = () => waiting.answer(false)
      const waiting: Waiting = {
        answer: isAdmitted => {
          if (!line.delete(waiting)) return
          clearTimeout(timer)
          leave = isAdmitted ? this.#take() : () => {}
          resolve(isAdmitted)
        },
      }
      const timer = setTimeout(() => waiting.answer(false), this.#sizes.patienceMs[rank])
      line.add(waiting)
      onGone(() => leave())
    })
  }

  #take(): () => void {
    let isHeld = true
    const release = () => {
      if (!isHeld) return
      isHeld = false
      clearTimeout(timer)
      this.#taken--
      this.#callNext()
    }
    this.#taken++
    if (this.#begunThisTurn++ === 0)
      setImmediate(() => {
        this.#begunThisTurn = 0
        this.#callNext()
      })
    const timer = setTimeout(release, this.#sizes.holdMs)
    timer.unref()
    return release
  }

  #callNext(): void {
    for (const rank of ['dedans', 'arrivant'] as const) {
      for (const first of this.#waiting[rank]) {
        if (this.isFull) return
        first.answer(true)
      }
    }
  }
}
