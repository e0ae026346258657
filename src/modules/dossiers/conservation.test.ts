import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AConserver, CORBEILLE_JOURS, estTrop, finDeConservation, PREAVIS_JOURS, suiteDe } from './conservation.ts'
import type { Etat } from './dossier.ts'

const ZONE = 'Europe/Paris'
const at = (day: string) => new Date(`${day}T10:00:00Z`)
const dossier = (more: Partial<AConserver>): AConserver => ({
  etat: 'accepte',
  activiteLe: at('2026-01-15'),
  decideLe: at('2026-01-15'),
  prevenuLe: null,
  cacheLe: null,
  estGele: false,
  estRemis: false,
  ...more,
})
const declare = { conservationMois: 12, sort: 'detruire' } as const

test('the end: three months for a draft, the months of the démarche after a decision, from date to date', () => {
  assert.equal(finDeConservation(dossier({ etat: 'brouillon', decideLe: null, activiteLe: at('2026-11-30') }), 12, ZONE), '2027-02-28')
  assert.equal(finDeConservation(dossier({}), 12, ZONE), '2027-01-15')
  // Decided on the evening of the 14th in Nouméa: it is the 15th in Paris no more than there.
  assert.equal(finDeConservation(dossier({ decideLe: new Date('2026-01-14T14:00:00Z') }), 1, 'Pacific/Noumea'), '2026-02-15')
})

test('an undecided dossier never expires, whatever its age', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Etat>('en_construction', 'en_instruction'),
      fc.date({ min: at('2000-01-01'), max: at('2080-01-01'), noInvalidDate: true }),
      fc.option(fc.date({ min: at('2000-01-01'), max: at('2080-01-01'), noInvalidDate: true }), { nil: null }),
      fc.integer({ min: 1, max: 60 }),
      (etat, now, prevenuLe, conservationMois) => {
        const found = dossier({ etat, decideLe: null, prevenuLe, activiteLe: at('2000-01-01') })
        assert.equal(suiteDe(found, { conservationMois, sort: 'detruire' }, now, ZONE), 'rien')
      },
    ),
  )
})

test('nothing is hidden less than two weeks after a notice, nor erased less than two weeks after it was hidden', () => {
  const instant = fc.date({ min: at('2026-01-01'), max: at('2029-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(
      instant,
      fc.option(instant, { nil: null }),
      fc.option(instant, { nil: null }),
      fc.boolean(),
      (now, prevenuLe, cacheLe, isDraft) => {
        const found = dossier({
          ...(isDraft ? { etat: 'brouillon' as const, decideLe: null } : {}),
          prevenuLe,
          cacheLe,
          cachePar: cacheLe ? 'systeme' : undefined,
        })
        const suite = suiteDe(found, declare, now, ZONE)
        const days = (since: Date) => (now.getTime() - since.getTime()) / 86_400_000
        if (suite === 'cacher') assert.ok(prevenuLe && days(prevenuLe) > PREAVIS_JOURS - 1)
        if (suite === 'effacer') assert.ok(cacheLe && days(cacheLe) > CORBEILLE_JOURS - 1)
        if (suite === 'effacer' || suite === 'cacher') assert.ok(now >= at(isDraft ? '2026-04-14' : '2027-01-14'))
      },
    ),
    { numRuns: 2000 },
  )
})

test('day by day: told, hidden, erased', () => {
  const history: string[] = []
  let prevenuLe: Date | null = null
  let cacheLe: Date | null = null
  for (let day = at('2026-12-01'); day < at('2027-03-01'); day = new Date(day.getTime() + 86_400_000)) {
    const suite = suiteDe(dossier({ prevenuLe, cacheLe, cachePar: cacheLe ? 'systeme' : undefined }), declare, day, ZONE)
    if (suite === 'prevenir') prevenuLe = day
    if (suite === 'cacher') cacheLe = day
    if (suite !== 'rien') history.push(`${day.toISOString().slice(0, 10)} ${suite}`)
    if (suite === 'effacer') break
  }
  assert.deepEqual(history, ['2027-01-01 prevenir', '2027-01-15 cacher', '2027-01-29 effacer'])
})

test('suspended, nothing; archives first; what a person put in the bin does not wait for its end', () => {
  const hidden = { cacheLe: at('2027-02-01'), cachePar: 'systeme' } as const
  assert.equal(suiteDe(dossier({ ...hidden, estGele: true }), declare, at('2027-06-01'), ZONE), 'rien')
  assert.equal(suiteDe(dossier(hidden), { ...declare, sort: 'archiver' }, at('2027-06-01'), ZONE), 'remettre')
  assert.equal(suiteDe(dossier({ ...hidden, estRemis: true }), { ...declare, sort: 'archiver' }, at('2027-06-01'), ZONE), 'effacer')
  const binned = { cacheLe: at('2026-02-01'), cachePar: 'personne' } as const
  assert.equal(suiteDe(dossier(binned), declare, at('2026-02-14'), ZONE), 'rien')
  assert.equal(suiteDe(dossier(binned), declare, at('2026-02-15'), ZONE), 'effacer')
  assert.equal(suiteDe(dossier({ ...binned, cachePar: 'systeme' }), declare, at('2026-02-15'), ZONE), 'rien', 'its time is not over')
})

test('too much: at least twenty, and more than a tenth', () => {
  assert.deepEqual([estTrop(19, 20), estTrop(20, 200), estTrop(21, 200), estTrop(2000, 200_000)], [false, false, true, false])
})
