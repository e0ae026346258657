import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { type FormatDExport, schemaFormat } from '../exports/format.ts'
import { type Choix, schemaChoix } from '../recherche/choix.ts'

/** An export that an agent keeps. */
export interface ModeleDExport {
  readonly id: string
  readonly nom: string
  readonly agentId: string
  readonly estPartage: boolean
  readonly choix: Choix
  readonly format: FormatDExport
}

/** The exports that an agent may take up again: theirs, then those that others share. One that this version of the program does not understand is left out. */
export async function modelesDExport(tx: Tx, collectiviteId: string, agentId: string): Promise<ModeleDExport[]> {
  const { rows } = await sql<ModeleRow>`${COLUMNS} where collectivite_id = ${collectiviteId} and (agent_id = ${agentId} or est_partage)
    order by agent_id <> ${agentId}, nom, id limit 60`.execute(tx)
  return lus(rows)
}

/** The exports that agents share: what another program may be given. 200 at most. */
export async function modelesPartages(tx: Tx, collectiviteId: string): Promise<ModeleDExport[]> {
  const { rows } =
    await sql<ModeleRow>`${COLUMNS} where collectivite_id = ${collectiviteId} and est_partage order by nom, id limit 200`.execute(tx)
  return lus(rows)
}

interface ModeleRow extends Omit<ModeleDExport, 'choix' | 'format'> {
  readonly choix: unknown
  readonly format: unknown
}

const COLUMNS = sql.raw('select id, nom, agent_id as "agentId", est_partage as "estPartage", choix, format from modele_export')

const lus = (rows: readonly ModeleRow[]): ModeleDExport[] =>
  rows.flatMap(({ choix, format, ...row }) => {
    const [list, shape] = [schemaChoix.safeParse(choix), schemaFormat.safeParse(format)]
    return list.success && shape.success ? [{ ...row, choix: list.data, format: shape.data }] : []
  })
