import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** The e-mail addresses of agents by their ids, to tell them something. */
export async function courrielsDesAgents(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; courriel: string }>`select id, courriel from agent where id = any(${ids}::uuid[])`.execute(tx)
  return new Map(rows.map(row => [row.id, row.courriel]))
}

/** The names of agents by their ids, those who left included: who signed an act must stay readable. */
export async function nomsDesAgents(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; nom: string }>`select id, nom from agent where id = any(${ids}::uuid[])`.execute(tx)
  return new Map(rows.map(row => [row.id, row.nom]))
}
