/** What a column holds. `day`: `YYYY-MM-DD`; `instant`: `YYYY-MM-DDTHH:MM`, in the time of the place; `amount`: euros, two decimals. */
export type Kind = 'text' | 'number' | 'amount' | 'day' | 'instant'

export interface Column {
  /** Its name for programs, where a format has one. */
  readonly key?: string
  readonly title: string
  readonly kind: Kind
}

/** A cell; a text in a column of another kind stays a text (several values in one cell). */
export type Cell = string | number | null

/**
 * What is exported: rows come in batches, so that nothing is awaited row by row, and no more than one batch is in memory. A batch is gone through once, and
 * may make each row as it is asked for: a row written at once and forgotten costs the collector of memory nothing.
 */
export interface Sheet<Value = Cell> {
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: AsyncIterable<Iterable<readonly Value[]>>
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
export const INSTANT = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d$/

/** What a cell really is: that of its column when it has its form. */
export function kindOf(cell: string | number, { kind }: Column): Kind {
  if (typeof cell === 'number') return kind === 'amount' ? 'amount' : 'number'
  if (kind === 'day' && DAY.test(cell)) return 'day'
  return kind === 'instant' && INSTANT.test(cell) ? 'instant' : 'text'
}
