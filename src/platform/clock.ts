/**
 * The only place that reads the time. Rules that depend on it receive a Clock, so tests choose the day.
 */
export interface Clock {
  /** The present instant. */
  now(): Date
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => new Date() }

/** A clock stopped at an instant, which a test moves by hand. */
export function stoppedClock(start: string): Clock & { set(instant: string): void } {
  let instant = new Date(start)
  return {
    now: () => instant,
    set(next) {
      instant = new Date(next)
    },
  }
}

const QUARTER_MS = 900_000
const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()

// How far the clocks of a place are from Greenwich. Since 1970 they change at quarters of an hour only, all over the world: asked once for each (1.5 µs a time otherwise).
function offsetMs(instant: Date, timeZone: string): number {
  const time = instant.getTime()
  const quarter = Math.floor(time / QUARTER_MS)
  const known = offsets.get(timeZone)?.get(quarter)
  if (known !== undefined) return known
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(timeZone, format)
  const offset = Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000
  if (time < 0) return offset
  const ofZone = offsets.get(timeZone) ?? new Map<number, number>()
  if (ofZone.size >= 10_000) ofZone.clear()
  offsets.set(timeZone, ofZone.set(quarter, offset))
  return offset
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const twoFigures = (number: number): string => String(number).padStart(2, '0')
const minutes = Array.from({ length: 1440 }, (_, at) => `T${twoFigures(Math.floor(at / 60))}:${twoFigures(at % 60)}`)
const days = new Map<number, string>()

// A day is written once: toISOString takes twenty times as long (0.5 µs), and a long list has few days.
function dayText(day: number): string {
  const known = days.get(day)
  if (known !== undefined) return known
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10)
  if (days.size >= 10_000) days.clear()
  days.set(day, text)
  return text
}

/** An instant as a clock on the wall of a place shows it, `YYYY-MM-DDTHH:MM`. */
export function civilMinute(instant: Date, timeZone = 'Europe/Paris'): string {
  const local = instant.getTime() + offsetMs(instant, timeZone)
  const day = Math.floor(local / DAY_MS)
  return `${dayText(day)}${minutes[Math.floor((local - day * DAY_MS) / MINUTE_MS)]}`
}

/** An instant as `toISOString` writes it, `YYYY-MM-DDTHH:MM:SS.mmmZ`, for long lists. */
export function isoInstant(instant: Date): string {
  const time = instant.getTime()
  const day = Math.floor(time / DAY_MS)
  const rest = time - day * DAY_MS
  const [second, ms] = [Math.floor((rest % MINUTE_MS) / 1000), rest % 1000]
  return `${dayText(day)}${minutes[Math.floor(rest / MINUTE_MS)]}:${twoFigures(second)}.${String(ms).padStart(3, '0')}Z`
}

/**
 * The civil day of an instant in a time zone, as `YYYY-MM-DD`.
 * Legal periods are counted in days of the place, never in hours of the server.
 */
export const civilDay = (instant: Date, timeZone = 'Europe/Paris'): string => civilMinute(instant, timeZone).slice(0, 10)

/** The instant at which a civil day (`YYYY-MM-DD`) begins in a time zone. */
export function startOfDay(day: string, timeZone = 'Europe/Paris'): Date {
  // A day begins at most 14 hours away from that of Greenwich: the first quarter of an hour whose civil day it is.
  for (let at = Date.parse(day) - 14 * 3_600_000; ; at += 900_000) if (civilDay(new Date(at), timeZone) >= day) return new Date(at)
}
