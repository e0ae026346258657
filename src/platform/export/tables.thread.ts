// Writes tables apart from the process that serves, and compresses them: that was half of the time of an export.
import { workerData } from 'node:worker_threads'
import { give, piecesOf } from './fed.ts'
import { type Asked, writeTables } from './tables.ts'

const { format, tables, at } = workerData as Asked
await give(
  writeTables(
    format,
    tables.map((head, rank) => ({ ...head, rows: piecesOf<readonly (readonly unknown[])[]>(rank) })),
    at,
  ),
)
