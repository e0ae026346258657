import { cut } from '../text.ts'
/** What was sent, as names and texts; nothing else is ever read from a request. */
export type Fields = Readonly<Record<string, string | string[]>>

/**
 * A safe view of the fields of a query or a form: doubled, missing, oversized and badly encoded values all have an answer.
 */
export class Form {
  readonly fields: Fields

  constructor(raw: unknown) {
    const fields: Record<string, string | string[]> = Object.create(null)
    if (raw && typeof raw === 'object') {
      for (const [name, value] of Object.entries(raw)) {
        if (typeof value === 'string') fields[name] = value
        else if (Array.isArray(value)) fields[name] = value.filter(v => typeof v === 'string')
      }
    }
    this.fields = fields
  }

  /** One line: the last value sent, trimmed, without control characters, at most `max` characters; '' when absent. */
  line(name: string, max = 200): string {
    return cut(clean(this.#last(name)).replace(/\s+/gu, ' ').trim(), max)
  }

  /** Several lines: as `line`, keeping line ends as \n. */
  text(name: string, max = 4000): string {
    return cut(clean(this.#last(name).replace(/\r\n?/g, '\n')).trim(), max)
  }

  /** A secret, taken as typed. */
  secret(name: string, max = 400): string {
    return this.#last(name).slice(0, max)
  }

  /** All the values of a field, at most 100. */
  all(name: string, max = 200): string[] {
    const value = this.fields[name]
    const values = value === undefined ? [] : typeof value === 'string' ? [value] : value
    return values.slice(0, 100).map(v => cut(clean(v).trim(), max))
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined
  }

  /** A whole number within bounds, or the value by default. */
  number(name: string, byDefault: number, min: number, max: number): number {
    const typed = this.line(name, 12)
    if (!/^\d+$/.test(typed)) return byDefault
    return Math.min(max, Math.max(min, Number(typed)))
  }

  #last(name: string): string {
    const value = this.fields[name]
    return (typeof value === 'string' ? value : value?.at(-1)) ?? ''
  }
}

// PostgreSQL refuses NUL, and a lone surrogate is not UTF-8; bidirectional controls can disguise a text.
function clean(text: string): string {
  return (
    text
      .toWellFormed()
      .normalize('NFC')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/g, '')
  )
}
