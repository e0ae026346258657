import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { hashOf } from '../../../platform/ids.ts'
import type { DemandeAvisRow } from '../tables.ts'

const COLUMNS = sql.raw(
  'id, dossier_id, question, nature, expert_nom, expert_courriel, etapes, pieces, est_confidentielle, echeance, expire_le, demandee_le, demandee_par, relancee_le, rappel_jours, rappelee_le, rendue_le, reponse, texte, piece, retiree_le',
)

/** The opinions asked on a dossier, the latest first. */
export async function avisDuDossier(tx: Tx, collectiviteId: string, dossierId: string): Promise<DemandeAvisRow[]> {
  const { rows } = await sql<DemandeAvisRow>`select ${COLUMNS} from demande_avis
    where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId} order by demandee_le desc, id desc`.execute(tx)
  return rows
}

/** The opinion that a link asks for; undefined when the link is unknown, out of date or withdrawn: all the same to who follows it. */
export async function avisParJeton(tx: Tx, collectiviteId: string, jeton: string, now: Date): Promise<DemandeAvisRow | undefined> {
  if (!/^[\w-]{32}$/.test(jeton)) return undefined
  const { rows } = await sql<DemandeAvisRow>`select ${COLUMNS} from demande_avis
    where collectivite_id = ${collectiviteId} and jeton_empreinte = ${hashOf(jeton)} and expire_le > ${now} and retiree_le is null`.execute(
    tx,
  )
  return rows[0]
}
