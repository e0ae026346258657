import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { EtatEnvoi } from '../envoi.ts'

/** A message as lists show it. `erreur`: a French sentence, when it was refused or is waiting for a new try. */
export interface EnvoiResume {
  readonly id: string
  readonly destinataire: string
  readonly sujet: string
  readonly etat: EtatEnvoi
  readonly erreur: string | null
  readonly creeLe: Date
  readonly remisLe: Date | null
}

/** A message with its text. */
export interface EnvoiComplet extends EnvoiResume {
  readonly texte: string
}

const COLUMNS = sql.raw('id, destinataire, sujet, etat, erreur, cree_le as "creeLe", remis_le as "remisLe"')

/** The messages sent about a dossier, oldest first: for the agent's page of the dossier. */
export async function envoisDuDossier(tx: Tx, collectiviteId: string, dossierId: string): Promise<EnvoiResume[]> {
  const { rows } = await sql<EnvoiResume>`select ${COLUMNS} from envoi
    where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId} order by id`.execute(tx)
  return rows
}

/** One page of the messages of a collectivité, newest first (`page` from 1), and how many there are in all. */
export async function boiteDEnvoi(
  tx: Tx,
  collectiviteId: string,
  page: number,
  parPage: number,
): Promise<{ envois: EnvoiResume[]; total: number }> {
  const { rows } = await sql<EnvoiResume>`select ${COLUMNS} from envoi where collectivite_id = ${collectiviteId}
    order by id desc limit ${parPage} offset ${(page - 1) * parPage}`.execute(tx)
  const counted = await sql<{ total: number }>`select count(*)::int as total from envoi where collectivite_id = ${collectiviteId}`.execute(
    tx,
  )
  return { envois: rows, total: counted.rows[0]!.total }
}

/** One message of a collectivité; undefined when it has none of this id. */
export async function envoiParId(tx: Tx, collectiviteId: string, id: string): Promise<EnvoiComplet | undefined> {
  const { rows } =
    await sql<EnvoiComplet>`select ${COLUMNS}, texte from envoi where collectivite_id = ${collectiviteId} and id = ${id}`.execute(tx)
  return rows[0]
}

/** A message about a dossier that did not arrive, and that nothing has replaced since. */
export interface EnvoiEnEchec extends EnvoiResume {
  readonly dossierId: string
}

/**
 * The messages about dossiers that were refused or came back, newest first, until a later message about the same dossier was taken at the same address,
 * or the address was corrected: what an agent has to make up for. `auPlus` of them (100 when not given).
 */
export async function envoisEnEchec(tx: Tx, collectiviteId: string, auPlus = 100): Promise<EnvoiEnEchec[]> {
  const { rows } = await sql<EnvoiEnEchec>`select ${COLUMNS}, dossier_id as "dossierId" from envoi e
    where collectivite_id = ${collectiviteId} and etat = 'refuse' and dossier_id is not null and rattrape_le is null
      and not exists (select from envoi s where s.collectivite_id = ${collectiviteId} and s.dossier_id = e.dossier_id and s.destinataire = e.destinataire
        and s.id > e.id and s.etat = 'remis')
    order by id desc limit ${auPlus}`.execute(tx)
  return rows
}
