import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** Erases the messages about a dossier, with the dossier itself: what they say is its content. Gives how many. */
export async function effacerEnvoisDuDossier(tx: Tx, collectiviteId: string, dossierId: string): Promise<number> {
  const result = await sql`delete from envoi where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId}`.execute(tx)
  return Number(result.numAffectedRows ?? 0)
}

/** Erases some messages of a collectivité: what a backup brought back and that had been erased. */
export async function effacerEnvois(tx: Tx, collectiviteId: string, ids: readonly string[]): Promise<void> {
  await sql`delete from envoi where collectivite_id = ${collectiviteId} and id = any(${[...ids]}::uuid[])`.execute(tx)
}
