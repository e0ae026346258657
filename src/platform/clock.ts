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

const dayFormats = new Map<string, Intl.DateTimeFormat>()

/**
 * The civil day of an instant in a time zone, as `YYYY-MM-DD`.
 * Legal periods are counted in days of the place, never in hours of the server.
 */
export function civilDay(instant: Date, timeZone = 'Europe/Paris'): string {
  let format = dayFormats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    dayFormats.set(timeZone, format)
  }
  return format.format(instant)
}

/** The instant at which a civil day (`YYYY-MM-DD`) begins in a time zone. */
export function startOfDay(day: string, timeZone = 'Europe/Paris'): Date {
  // A day begins at most 14 hours away from that of Greenwich: the first quarter of an hour whose civil day it is.
  for (let at = Date.parse(day) - 14 * 3_600_000; ; at += 900_000) if (civilDay(new Date(at), timeZone) >= day) return new Date(at)
}
