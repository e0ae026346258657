import { csv } from './csv.ts'
import { json } from './json.ts'
import { ods } from './ods.ts'
import type { Sheet } from './table.ts'
import { MAX_ROWS, xlsx } from './xlsx.ts'

/** `csv;` and `csv,` say their separator. One table in CSV and JSON, one sheet each in a workbook. */
export type TableFormat = 'csv;' | 'csv,' | 'json' | 'xlsx' | 'ods'

/** More rows than a sheet can have: told rather than cut. */
class TooManyRows extends Error {
  override name = 'TooManyRows'
}

/** Whether tables could not be written because a sheet would have too many rows; from a thread, an error keeps its name alone. */
export const isTooManyRows = (error: unknown): error is Error => error instanceof Error && error.name === 'TooManyRows'

/** A table for any format: its rows are what the format takes (`json` for JSON, cells for the others). */
export type Table = Sheet<unknown>

/** The bytes of tables, made within who calls, as they are asked for. `at`: the instant that a workbook bears. Fails with `isTooManyRows`. */
export function writeTables(format: TableFormat, tables: readonly Table[], at: Date): AsyncIterable<Uint8Array> {
  if (format === 'json') return json(tables[0]!)
  const sheets = tables as readonly Sheet[]
  if (format !== 'xlsx' && format !== 'ods') return csv(sheets[0]!, format === 'csv;' ? ';' : ',')
  return (format === 'xlsx' ? xlsx : ods)(
    sheets.map(sheet => ({ ...sheet, rows: counted(sheet.rows) })),
    at,
  )
}

async function* counted<Row>(batches: AsyncIterable<Iterable<Row>>): AsyncGenerator<Iterable<Row>> {
  // The first row has the titles.
  let left = MAX_ROWS - 1
  function* each(rows: Iterable<Row>): Generator<Row> {
    for (const row of rows) {
      if (--left < 0) throw new TooManyRows(`more than ${MAX_ROWS - 1} rows`)
      yield row
    }
  }
  for await (const rows of batches) yield each(rows)
}
