import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { isUuid } from '../../../platform/ids.ts'
import type { Reponses } from '../../formulaires/index.ts'

/** Answers prepared for someone. */
export interface PreRemplissage {
  readonly id: string
  readonly reponses: Reponses
  readonly source: string
  readonly expireLe: Date
}

/** Answers prepared, as long as their link holds; undefined when it is unknown, of another démarche, or past its end. */
export async function preRemplissage(
  tx: Tx,
  collectiviteId: string,
  demarcheId: string,
  id: string,
  now: Date,
): Promise<PreRemplissage | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } = await sql<PreRemplissage>`select id, reponses, source, expire_le as "expireLe" from pre_remplissage
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} and id = ${id} and expire_le > ${now}`.execute(tx)
  return rows[0]
}
