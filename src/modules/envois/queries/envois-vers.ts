import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** The messages written to an address by a collectivité, the latest first: what is kept of them is given to who asks. Sign-in links are left out: they are secrets. */
export async function envoisVers(
  tx: Tx,
  collectiviteId: string,
  destinataire: string,
): Promise<{ readonly sujet: string; readonly texte: string; readonly le: Date }[]> {
  const { rows } = await sql<{ sujet: string; texte: string; le: Date }>`select sujet, texte, cree_le as le from envoi
    where collectivite_id = ${collectiviteId} and destinataire in (${destinataire}, ${destinataire.toLowerCase()}) and dossier_id is not null
    order by cree_le desc limit 500`.execute(tx)
  return rows
}
