import { type RawBuilder, sql } from 'kysely'
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

/** What each dossier has of something, by its id: what is read of one is read of a thousand at once. */
export type ParDossier<Row> = ReadonlyMap<string, readonly Row[]>

/** The rows of a query under the dossier that each names, in their order. */
export async function parDossier<Row extends { readonly dossier_id: string }>(tx: Tx, query: RawBuilder<Row>): Promise<ParDossier<Row>> {
  return Map.groupBy((await query.execute(tx)).rows, row => row.dossier_id)
}

/** Dossiers by their ids, in no order. */
export async function dossiersParIds(tx: Tx, collectiviteId: string, ids: readonly string[]): Promise<DossierRow[]> {
  const { rows } =
    await sql<DossierRow>`select ${COLUMNS} from dossier where collectivite_id = ${collectiviteId} and id = any(${ids}::uuid[])`.execute(tx)
  return rows
}

type Du<Row> = Row & { readonly dossier_id: string }

/** Everything that happened to some dossiers, in order. */
export const evenementsDesDossiers = (tx: Tx, collectiviteId: string, ids: readonly string[]): Promise<ParDossier<EvenementRow>> =>
  parDossier(
    tx,
    sql<Du<EvenementRow>>`select dossier_id, rang, nature, auteur_nature, auteur_id, canal, le, motif, donnees from evenement
      where collectivite_id = ${collectiviteId} and dossier_id = any(${ids}::uuid[]) order by rang`,
  )

/** The corrections asked, the latest first. */
export const correctionsDesDossiers = (tx: Tx, collectiviteId: string, ids: readonly string[]): Promise<ParDossier<CorrectionRow>> =>
  parDossier(
    tx,
    sql<Du<CorrectionRow>>`select dossier_id, id, motif, message, champs, echeance, demandee_le, repondue_le from correction
      where collectivite_id = ${collectiviteId} and dossier_id = any(${ids}::uuid[]) order by demandee_le desc`,
  )

/** What was written both ways, in order. */
export const messagesDesDossiers = (tx: Tx, collectiviteId: string, ids: readonly string[]): Promise<ParDossier<MessageRow>> =>
  parDossier(
    tx,
    sql<Du<MessageRow>>`select dossier_id, id, auteur_nature, auteur_id, texte, le, lu_le, pieces from message
      where collectivite_id = ${collectiviteId} and dossier_id = any(${ids}::uuid[]) order by le, id`,
  )

/** The documents issued, the latest first. */
export const documentsDesDossiers = (tx: Tx, collectiviteId: string, ids: readonly string[]): Promise<ParDossier<DocumentRow>> =>
  parDossier(
    tx,
    sql<Du<DocumentRow>>`select dossier_id, id, nature, rang, titre, fichier_id, emis_le, revoque_le, code, empreinte from document
      where collectivite_id = ${collectiviteId} and dossier_id = any(${ids}::uuid[]) order by emis_le desc, rang desc`,
  )

type DesDossiers<Row> = (tx: Tx, collectiviteId: string, ids: readonly string[]) => Promise<ParDossier<Row>>

/** The same of one dossier. */
const duDossier =
  <Row>(desDossiers: DesDossiers<Row>) =>
  async (tx: Tx, collectiviteId: string, dossierId: string): Promise<readonly Row[]> =>
    (await desDossiers(tx, collectiviteId, [dossierId])).get(dossierId) ?? []

/** Everything that happened to a dossier, in order. */
export const evenementsDuDossier = duDossier(evenementsDesDossiers)

/** The corrections asked, the latest first. */
export const correctionsDuDossier = duDossier(correctionsDesDossiers)

/** What was written both ways, in order. */
export const messagesDuDossier = duDossier(messagesDesDossiers)

/** The documents issued, the latest first. */
export const documentsDuDossier = duDossier(documentsDesDossiers)
