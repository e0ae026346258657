import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { Admission, type Rank } from './admission.ts'

const SIZES = { places: 3, perTurn: 2, holdMs: 100, waiting: { dedans: 4, arrivant: 2 }, patienceMs: { dedans: 50, arrivant: 20 } }

interface Guest {
  readonly rank: Rank
  readonly cameMs: number
  state: 'attend' | 'admis' | 'refuse' | 'parti'
  answeredMs: number
  answers: number
  leave(): void
}

type Step =
  | { readonly kind: 'entre'; readonly rank: Rank }
  | { readonly kind: 'part'; readonly who: number }
  | { readonly kind: 'temps'; readonly ms: number }
  /** The turn of the loop ends. */
  | { readonly kind: 'tour' }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('entre' as const), rank: fc.constantFrom<Rank>('dedans', 'arrivant') }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('part' as const), who: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('tour' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('temps' as const), ms: fc.integer({ min: 1, max: 60 }) }) },
  ),
  { maxLength: 120 },
)

const settled = async () => {
  for (let i = 0; i < 4; i++) await Promise.resolve()
}

test('whatever the crowd: bounded, nobody waits beside a free place, those inside pass first, everybody is answered once and in time', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  await fc.assert(
    fc.asyncProperty(steps, async story => {
      const door = new Admission(SIZES)
      const guests: Guest[] = []
      let nowMs = 0
      let begunThisTurn = 0
      const answer = (guest: Guest, isAdmitted: boolean) => {
        guest.answers++
        guest.answeredMs = nowMs
        if (isAdmitted) begunThisTurn++
        if (guest.state === 'attend') guest.state = isAdmitted ? 'admis' : 'refuse'
      }
      const waits = (rank: Rank) => guests.filter(guest => guest.rank === rank && guest.state === 'attend')
      const tick = async (ms: number) => {
        // One at a time, so that who is answered knows when.
        for (let i = 0; i < ms; i++) {
          nowMs++
          begunThisTurn = 0
          t.mock.timers.tick(1)
          await turn()
        }
      }
      for (const step of story) {
        const before = { dedans: waits('dedans'), arrivant: waits('arrivant') }
        if (step.kind === 'tour' || step.kind === 'temps') begunThisTurn = 0
        if (step.kind === 'temps') await tick(step.ms)
        else if (step.kind === 'tour') await turn()
        else if (step.kind === 'part') {
          const guest = guests[step.who % Math.max(guests.length, 1)]
          if (guest) {
            guest.leave()
            guest.leave()
            await settled()
            guest.state = 'parti'
          }
        } else {
          const guest: Guest = { rank: step.rank, cameMs: nowMs, state: 'attend', answeredMs: 0, answers: 0, leave: () => {} }
          guests.push(guest)
          const given = door.enter(step.rank, leave => {
            guest.leave = leave
          })
          if (typeof given === 'boolean') answer(guest, given)
          else void given.then(isAdmitted => answer(guest, isAdmitted))
          // Refused at once only when as many of the same rank wait already.
          if (given === false) assert.equal(before[step.rank].length, SIZES.waiting[step.rank])
          if (given === true) assert.equal(before.dedans.length + before.arrivant.length, 0)
        }
        await settled()
        assert.ok(door.taken >= 0 && door.taken <= SIZES.places)
        assert.ok(begunThisTurn <= SIZES.perTurn, `${begunThisTurn} begun in one turn`)
        for (const rank of ['dedans', 'arrivant'] as const) assert.ok(waits(rank).length <= SIZES.waiting[rank])
        if (!door.isFull) assert.equal(waits('dedans').length + waits('arrivant').length, 0, 'somebody waits beside a free place')
        const called = before.arrivant.filter(guest => guest.state === 'admis')
        if (called.length > 0 && step.kind === 'part') assert.equal(waits('dedans').length, 0, 'a newcomer passed before somebody inside')
        for (const rank of ['dedans', 'arrivant'] as const) {
          const order = before[rank].filter(guest => guest.state !== 'parti').map(guest => guest.state === 'attend')
          assert.deepEqual(order, [...order].sort(), 'whoever came first passes first')
        }
      }
      await tick(SIZES.holdMs + SIZES.patienceMs.dedans)
      assert.equal(door.taken, 0, 'a place was never given back')
      for (const guest of guests) {
        assert.equal(guest.answers, 1)
        assert.ok(
          guest.answeredMs - guest.cameMs <= SIZES.patienceMs[guest.rank],
          `${guest.rank} waited ${guest.answeredMs - guest.cameMs}`,
        )
      }
    }),
    { numRuns: 300 },
  )
})
