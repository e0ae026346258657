import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { isUuid } from '../../../platform/ids.ts'
import { situationDe } from '../commands/advance.ts'
import type { Etat, Situation } from '../dossier.ts'
import type { LotRow } from '../tables.ts'

const COLUMNS = sql.raw(
  'id, agent_id, acte, parametres, defait_id, cree_le, lance_le, arrete_le, fini_le, total, faits, erreur, fichier_id, expire_le',
)

/** A batch; undefined when there is none of that id. */
export async function lotParId(tx: Tx, collectiviteId: string, id: string): Promise<LotRow | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } = await sql<LotRow>`select ${COLUMNS} from lot where collectivite_id = ${collectiviteId} and id = ${id}`.execute(tx)
  return rows[0]
}

/** What an agent asked for, the latest first; what was prepared and never started is left out. */
export async function lotsDeLAgent(tx: Tx, collectiviteId: string, agentId: string): Promise<(LotRow & { readonly dossiers: number })[]> {
  const { rows } = await sql<LotRow & { dossiers: number }>`select ${COLUMNS},
      (select count(*)::int from lot_dossier d where d.collectivite_id = ${collectiviteId} and d.lot_id = lot.id) as dossiers
    from lot where collectivite_id = ${collectiviteId} and agent_id = ${agentId} and lance_le is not null order by cree_le desc limit 25`.execute(
    tx,
  )
  return rows
}

/** Whether a batch was undone, and by which one. */
export async function defaitPar(tx: Tx, collectiviteId: string, lotId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`select id from lot where collectivite_id = ${collectiviteId} and defait_id = ${lotId}`.execute(
    tx,
  )
  return rows[0]?.id
}

/** A dossier of a batch, as it is now. */
export interface DossierDeLot {
  readonly id: string
  readonly reference: string
  readonly demandeurNom: string | null
  readonly definition: string
  readonly etatDuDossier: Etat
  readonly situation: Situation
  readonly etat: 'attente' | 'fait' | 'refuse'
  readonly motif: string | null
  /** It changed since the agent chose it. */
  readonly aChange: boolean
}

/** The dossiers of a batch in the order of the list, or those refused alone. */
export async function dossiersDuLot(tx: Tx, collectiviteId: string, lotId: string, etat?: 'refuse'): Promise<DossierDeLot[]> {
  const { rows } = await sql<
    Omit<DossierDeLot, 'situation'> & { correction_en_attente: boolean; cache_le: Date | null }
  >`select d.id, d.reference, d.demandeur_nom as "demandeurNom", d.definition, d.etat as "etatDuDossier", d.correction_en_attente, d.cache_le,
      l.etat, l.motif, d.version <> l.version as "aChange"
    from lot_dossier l join dossier d on d.collectivite_id = ${collectiviteId} and d.id = l.dossier_id
    where l.collectivite_id = ${collectiviteId} and l.lot_id = ${lotId}${etat ? sql` and l.etat = ${etat}` : sql``} order by l.rang`.execute(
    tx,
  )
  return rows.map(({ correction_en_attente, cache_le, ...row }) => ({
    ...row,
    situation: situationDe({ etat: row.etatDuDossier, correction_en_attente, cache_le }),
  }))
}

/** How far a batch is. */
export interface Avancement {
  readonly attente: number
  readonly fait: number
  readonly refuse: number
}

export async function avancement(tx: Tx, collectiviteId: string, lotId: string): Promise<Avancement> {
  const { rows } = await sql<{ etat: keyof Avancement; n: number }>`select etat, count(*)::int as n from lot_dossier
    where collectivite_id = ${collectiviteId} and lot_id = ${lotId} group by etat`.execute(tx)
  return { attente: 0, fait: 0, refuse: 0, ...Object.fromEntries(rows.map(({ etat, n }) => [etat, n])) }
}

/** The next dossiers of a batch to work on; none once it is stopped. */
export async function prochains(tx: Tx, collectiviteId: string, lotId: string, limite: number): Promise<string[]> {
  const { rows } = await sql<{
    id: string
  }>`select dossier_id as id from lot_dossier where collectivite_id = ${collectiviteId} and lot_id = ${lotId} and etat = 'attente'
      and exists (select from lot where collectivite_id = ${collectiviteId} and id = ${lotId} and arrete_le is null) order by rang limit ${limite}`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}
