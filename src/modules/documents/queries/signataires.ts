import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { SignataireRow } from '../tables.ts'

const COLUMNS = sql.raw('id, nom, qualite, image, version, retire_le')

/** Who signs for a collectivité, by name, those withdrawn last. */
export async function signataires(tx: Tx, collectiviteId: string): Promise<SignataireRow[]> {
  const { rows } = await sql<SignataireRow>`select ${COLUMNS} from signataire where collectivite_id = ${collectiviteId}
    order by retire_le nulls first, nom, id limit 100`.execute(tx)
  return rows
}

/** Those of `ids` who still sign, without their image. */
export async function signatairesEnService(
  tx: Tx,
  collectiviteId: string,
  ids: readonly string[],
): Promise<Pick<SignataireRow, 'id' | 'nom' | 'qualite'>[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Pick<SignataireRow, 'id' | 'nom' | 'qualite'>>`select id, nom, qualite from signataire
    where collectivite_id = ${collectiviteId} and id = any(${[...ids]}::uuid[]) and retire_le is null`.execute(tx)
  return rows
}

/** Someone who signs; undefined when the collectivité has none of that id. `lock` holds the row until the end of the transaction. */
export async function signataire(tx: Tx, collectiviteId: string, id: string, lock = false): Promise<SignataireRow | undefined> {
  const { rows } =
    await sql<SignataireRow>`select ${COLUMNS} from signataire where collectivite_id = ${collectiviteId} and id = ${id} ${lock ? sql`for update` : sql``}`.execute(
      tx,
    )
  return rows[0]
}
