import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { CorrectionRow, DocumentRow, DossierRow, EvenementRow, MessageRow } from '../tables.ts'

const COLUMNS = sql.raw(
  `id, reference, demarche_id, revision, definition, etat, version, canal, usager_id, code_version, reponses, demandeur_nom,
   demandeur_courriel, cree_le, modifie_le, depose_le, silence_le, agent_id, correction_en_attente, decide_le, est_exemple, essai, report, provenances, service, annotations, cache_le`,
)

/** A dossier of a collectivité; undefined when it has none of that id. `lock` holds it until the end of the transaction. */
export async function dossierParId(tx: Tx, collectiviteId: string, id: string, lock = false): Promise<DossierRow | undefined> {
  const { rows } =
    await sql<DossierRow>`select ${COLUMNS} from dossier where collectivite_id = ${collectiviteId} and id = ${id} ${lock ? sql`for update` : sql``}`.execute(
      tx,
    )
  return rows[0]
}

/**
 * The dossier that a resident may open: with its code by this session, or kept in « mes dossiers » by this person; undefined otherwise.
 * One read, since every page of a resident begins with it.
 */
export async function dossierDeLaSession(
  tx: Tx,
  collectiviteId: string,
  id: string,
  session: { readonly sessionHash: Buffer; readonly personneId: string | null },
  lock: boolean,
): Promise<DossierRow | undefined> {
  const { rows } = await sql<DossierRow>`select ${COLUMNS} from dossier where collectivite_id = ${collectiviteId} and id = ${id} and (
      exists (select from acces_dossier a where a.collectivite_id = ${collectiviteId} and a.session_empreinte = ${session.sessionHash} and a.dossier_id = ${id})
      or exists (select from dossier_usager u where u.collectivite_id = ${collectiviteId} and u.usager_id = ${session.personneId} and u.dossier_id = ${id})
    ) ${lock ? sql`for update` : sql``}`.execute(tx)
  return rows[0]
}

/**
 * A dossier by the reference given to the person; the trial of an agent has none to give. Its code does not change until the end of the transaction:
 * who opens with a code that is being replaced waits, then is refused, or has their access withdrawn with the others.
 */
export async function dossierParReference(tx: Tx, collectiviteId: string, reference: string): Promise<DossierRow | undefined> {
  const { rows } =
    await sql<DossierRow>`select ${COLUMNS} from dossier where collectivite_id = ${collectiviteId} and reference = ${reference} and not essai for key share`.execute(
      tx,
    )
  return rows[0]
}

/** Everything that happened to a dossier, in order. */
export async function evenementsDuDossier(tx: Tx, collectiviteId: string, dossierId: string): Promise<EvenementRow[]> {
  const { rows } = await sql<EvenementRow>`select rang, nature, auteur_nature, auteur_id, canal, le, motif, donnees from evenement
    where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId} order by rang`.execute(tx)
  return rows
}

/** The corrections asked, the latest first. */
export async function correctionsDuDossier(tx: Tx, collectiviteId: string, dossierId: string): Promise<CorrectionRow[]> {
  const { rows } = await sql<CorrectionRow>`select id, motif, message, champs, echeance, demandee_le, repondue_le from correction
    where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId} order by demandee_le desc`.execute(tx)
  return rows
}

/** What was written both ways, in order. */
export async function messagesDuDossier(tx: Tx, collectiviteId: string, dossierId: string): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`select id, auteur_nature, auteur_id, texte, le, lu_le, pieces from message
    where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId} order by le, id`.execute(tx)
  return rows
}

/** The documents issued, the latest first. */
export async function documentsDuDossier(tx: Tx, collectiviteId: string, dossierId: string): Promise<DocumentRow[]> {
  const { rows } = await sql<DocumentRow>`select id, nature, rang, titre, fichier_id, emis_le, revoque_le, code, empreinte from document
    where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId} order by emis_le desc, rang desc`.execute(tx)
  return rows
}
