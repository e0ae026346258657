/**
 * Civil days as `YYYY-MM-DD`, without hours nor time zones: they compare as texts. Every function is total:
 * what is not a day, or leaves the years 1000 to 9999, gives null.
 */

/** French names of the months, January first. */
export const monthNames = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
] as const

/** Number of days of a month (1 to 12) in the Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function exists(year: number, month: number, day: number): boolean {
  if (!Number.isInteger(year) || year < 1000 || year > 9999) return false
  if (!Number.isInteger(month) || month < 1 || month > 12) return false
  return Number.isInteger(day) && day >= 1 && day <= daysInMonth(year, month)
}

/** The day of these numbers, or null when it does not exist. */
export function dayOf(year: number, month: number, day: number): string | null {
  if (!exists(year, month, day)) return null
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Year, month (1 to 12) and day of a day, or null when the text is not an existing day. */
export function partsOf(day: unknown): { year: number; month: number; day: number } | null {
  if (typeof day !== 'string' || !DAY.test(day)) return null
  const parts = { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), day: Number(day.slice(8)) }
  return exists(parts.year, parts.month, parts.day) ? parts : null
}

/** Whether a value is an existing day. */
export const isDay = (value: unknown): value is string => partsOf(value) !== null

/** A day moved by a number of days. */
export function addDays(day: string, days: number): string | null {
  const parts = partsOf(day)
  if (!parts || !Number.isInteger(days) || Math.abs(days) > 4_000_000) return null
  const moved = new Date(Date.UTC(parts.year, parts.month - 1, parts.day + days))
  return dayOf(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate())
}

/**
 * A day moved by months, from date to date; where the month has no such date, its last day
 * (code de procédure civile, art. 641).
 */
export function addMonths(day: string, months: number): string | null {
  const parts = partsOf(day)
  if (!parts || !Number.isInteger(months) || Math.abs(months) > 120_000) return null
  const count = parts.year * 12 + parts.month - 1 + months
  const year = Math.floor(count / 12)
  const month = count - year * 12 + 1
  return dayOf(year, month, Math.min(parts.day, daysInMonth(year, month)))
}

/** Whole years lived on a day by a person born on another; null before birth. Born on 29 February: one year older on 1 March. */
export function ageAt(birth: string, day: string): number | null {
  const born = partsOf(birth)
  const at = partsOf(day)
  if (!born || !at || day < birth) return null
  const beforeBirthday = at.month < born.month || (at.month === born.month && at.day < born.day)
  return at.year - born.year - (beforeBirthday ? 1 : 0)
}

/** A day as people write it: « 1er mars 2026 ». What is not a day comes back as it is. */
export function longDate(day: string): string {
  const parts = partsOf(day)
  if (!parts) return day
  return `${parts.day === 1 ? '1er' : parts.day} ${monthNames[parts.month - 1]} ${parts.year}`
}
