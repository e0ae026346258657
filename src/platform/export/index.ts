/** Tables and archives as streams: every writer gives bytes as they are read, and holds one batch at most. */
export { madeApart } from './apart.ts'
export { csv, disarmed, type Separator } from './csv.ts'
export { ODS_TYPE } from './ods.ts'
export type { Cell, Column, Sheet } from './table.ts'
export { isTooManyRows, type Table, type TableFormat, writeTables } from './tables.ts'
export { type Entry, safePaths, zip } from './zip.ts'
