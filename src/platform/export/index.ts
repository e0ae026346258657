/** Tables and archives as streams: every writer gives bytes as they are read, and holds one batch at most. */
export { csv, disarmed, type Separator } from './csv.ts'
export { jsonArray, jsonText } from './json.ts'
export { ODS_TYPE, ods } from './ods.ts'
export type { Cell, Column, Sheet } from './table.ts'
export { TooManyRows, xlsx } from './xlsx.ts'
export { type Entry, safePaths, zip } from './zip.ts'
