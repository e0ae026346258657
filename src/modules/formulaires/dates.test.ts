import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { addDays, addMonths, ageAt, dayOf, isDay, longDate } from './dates.ts'

const day = fc
  .date({ min: new Date('1200-01-01'), max: new Date('9000-12-31'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 10))

describe('civil days', () => {
  it('knows leap years', () => {
    assert.equal(isDay('2024-02-29'), true)
    assert.equal(isDay('2000-02-29'), true)
    assert.equal(isDay('1900-02-29'), false)
    assert.equal(isDay('2023-02-29'), false)
    for (const wrong of ['', '2023-2-3', '0000-01-01', '99999-01-01', '2023-13-01', '2023-00-10', null, 20230101])
      assert.equal(isDay(wrong), false)
  })

  it('agrees with the calendar of the machine', () =>
    fc.assert(
      fc.property(day, fc.integer({ min: -40_000, max: 40_000 }), (start, days) => {
        assert.equal(addDays(start, days), new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10))
      }),
    ))

  it('moves by months to the same date, or to the last day of the month', () => {
    assert.equal(addMonths('2026-01-31', 1), '2026-02-28')
    assert.equal(addMonths('2024-02-29', -12), '2023-02-28')
    assert.equal(addMonths('2026-03-15', -15), '2024-12-15')
    assert.equal(addMonths('9999-12-01', 1), null)
    fc.assert(
      fc.property(day, fc.integer({ min: -1200, max: 1200 }), (start, months) => {
        const moved = addMonths(start, months)
        assert.ok(moved !== null && isDay(moved))
        assert.ok(Number(moved.slice(8)) <= Number(start.slice(8)))
      }),
    )
  })

  it('counts whole years of age', () => {
    assert.equal(ageAt('2008-02-29', '2026-02-28'), 17)
    assert.equal(ageAt('2008-02-29', '2026-03-01'), 18)
    assert.equal(ageAt('2026-11-22', '2026-11-21'), null)
    assert.equal(ageAt('2026-11-21', '2026-11-21'), 0)
  })

  it('writes days as people do', () => {
    assert.equal(longDate('2026-03-01'), '1er mars 2026')
    assert.equal(longDate('quand'), 'quand')
    assert.equal(dayOf(2026, 2, 30), null)
  })
})
