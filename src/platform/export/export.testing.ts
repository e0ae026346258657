import type { Cell, Column, Sheet } from './index.ts'

/** The instant of the exports of the tests. */
export const AT = new Date('2026-11-21T09:30:00Z')

/** A column of each kind. */
export const columns: Column[] = [
  { title: 'Texte', kind: 'text' },
  { title: 'Nombre', kind: 'number' },
  { title: 'Montant', kind: 'amount' },
  { title: 'Jour', kind: 'day' },
  { title: 'Instant', kind: 'instant' },
]

/** A sheet of these rows, with these columns. */
export const sheet = (rows: readonly (readonly Cell[])[], name = 'Dossiers'): Sheet => ({ name, columns, rows: batches(rows) })

/** Rows seven at a time. */
export async function* batches<T>(rows: readonly T[]): AsyncGenerator<T[]> {
  for (let at = 0; at < rows.length; at += 7) yield rows.slice(at, at + 7)
}
