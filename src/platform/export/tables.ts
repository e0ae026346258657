import type { Readable } from 'node:stream'
import { madeApart } from './apart.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import { ods } from './ods.ts'
import type { Sheet } from './table.ts'
import { MAX_ROWS, xlsx } from './xlsx.ts'

/** `csv;` and `csv,` say their separator. One table in CSV and JSON, one sheet each in a workbook. */
export type TableFormat = 'csv;' | 'csv,' | 'json' | 'xlsx' | 'ods'

/** What the thread is asked. */
export interface Asked {
  readonly format: TableFormat
  readonly tables: readonly Omit<Table, 'rows'>[]
  readonly at: Date
}

/** More rows than a sheet can have: told rather than cut. */
export class TooManyRows extends Error {
  override name = 'TooManyRows'
}

/** A table for any format: its rows are what the format takes (`json` for JSON, cells for the others). */
export type Table = Sheet<unknown>

/** The bytes of tables, made within who calls, as they are asked for. `at`: the instant that a workbook bears. */
export function writeTables(format: TableFormat, tables: readonly Table[], at: Date): AsyncIterable<Uint8Array> {
  if (format === 'json') return json(tables[0]!)
  const sheets = tables as readonly Sheet[]
  if (format === 'xlsx') return xlsx(sheets, at)
  return format === 'ods' ? ods(sheets, at) : csv(sheets[0]!, format === 'csv;' ? ';' : ',')
}

/** The same made by a thread of its own, while this one reads the rows: nobody else waits for it. Fails with TooManyRows. */
export function writeTablesApart(format: TableFormat, tables: readonly Table[], at: Date): Readable {
  const most = format === 'xlsx' || format === 'ods' ? MAX_ROWS - 1 : Number.POSITIVE_INFINITY
  const asked: Asked = { format, tables: tables.map(({ name, columns }) => ({ name, columns })), at }
  return madeApart('tables.thread', asked, async rank => batchesOf(tables[rank]!, most))
}

async function* batchesOf({ rows }: Table, most: number): AsyncGenerator<unknown[]> {
  let count = 0
  for await (const batch of rows) {
    const made = [...batch]
    count += made.length
    if (count > most) throw new TooManyRows(`more than ${most} rows`)
    yield made
  }
}
