import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { AbonnementRow, LivraisonRow } from '../tables.ts'

const COLUMNS = sql.raw(
  `id, nom, url, demarches, natures, voit_reserves, secret, secret_fait_le, secret_fait_par, secret_precedent, precedent_jusqu_a, curseur,
   cree_le, cree_par, en_pause_le, echecs, echoue_depuis, prochain_le`,
)

/** The subscriptions of a collectivité, by name. */
export async function abonnementsDe(tx: Tx, collectiviteId: string): Promise<AbonnementRow[]> {
  const { rows } =
    await sql<AbonnementRow>`select ${COLUMNS} from abonnement where collectivite_id = ${collectiviteId} and supprime_le is null
    order by nom, id`.execute(tx)
  return rows
}

/** One subscription; undefined when there is none of that id, or when it was deleted. */
export async function abonnementParId(tx: Tx, collectiviteId: string, id: string): Promise<AbonnementRow | undefined> {
  const { rows } = await sql<AbonnementRow>`select ${COLUMNS} from abonnement
    where collectivite_id = ${collectiviteId} and id = ${id} and supprime_le is null`.execute(tx)
  return rows[0]
}

/** The ids of those that are called. */
export async function abonnementsActifs(tx: Tx, collectiviteId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from abonnement
    where collectivite_id = ${collectiviteId} and en_pause_le is null and supprime_le is null`.execute(tx)
  return rows.map(({ id }) => id)
}

/** The last attempts towards a subscription, the latest first. */
export async function dernieresLivraisons(tx: Tx, collectiviteId: string, abonnementId: string): Promise<LivraisonRow[]> {
  const { rows } =
    await sql<LivraisonRow>`select id, cle, sequence, nature, dossier_id, le, duree_ms, statut, erreur, est_remise from livraison
    where collectivite_id = ${collectiviteId} and abonnement_id = ${abonnementId} order by id desc limit 25`.execute(tx)
  return rows
}
