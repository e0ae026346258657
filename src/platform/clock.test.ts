import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { civilDay, civilMinute, isoInstant, startOfDay } from './clock.ts'

// Halves and quarters of an hour, both hemispheres, overseas, and one that changed its offset for good.
const ZONES = [
  'Europe/Paris',
  'America/Martinique',
  'Indian/Reunion',
  'Pacific/Noumea',
  'America/Miquelon',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
]
const instants = fc.date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })

test('the day and the minute of a place are those of Intl, whatever was asked before', () => {
  fc.assert(
    fc.property(instants, fc.constantFrom(...ZONES), (instant, timeZone) => {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
      const expected = format.format(instant).replace(' ', 'T')
      assert.equal(civilMinute(instant, timeZone), expected)
      assert.equal(civilDay(instant, timeZone), expected.slice(0, 10))
    }),
    { numRuns: 2000 },
  )
})

test('an instant is written as toISOString writes it', () => {
  fc.assert(fc.property(instants, instant => assert.equal(isoInstant(instant), instant.toISOString())))
})

test('around the changes of hour, to the millisecond', () => {
  assert.equal(civilMinute(new Date('2026-03-29T00:59:59.999Z')), '2026-03-29T01:59')
  assert.equal(civilMinute(new Date('2026-03-29T01:00:00.000Z')), '2026-03-29T03:00')
  assert.equal(civilMinute(new Date('2026-10-25T00:59:59.999Z')), '2026-10-25T02:59')
  assert.equal(civilMinute(new Date('2026-10-25T01:00:00.000Z')), '2026-10-25T02:00')
})

test('a day begins at its first instant', () => {
  fc.assert(
    fc.property(instants, fc.constantFrom(...ZONES), (instant, timeZone) => {
      const day = civilDay(instant, timeZone)
      const start = startOfDay(day, timeZone)
      assert.equal(civilDay(start, timeZone), day)
      assert.ok(civilDay(new Date(start.getTime() - 1), timeZone) < day)
    }),
    { numRuns: 300 },
  )
})
