import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { AConserver } from '../conservation.ts'
import type { Etat } from '../dossier.ts'

/** What retention reads of a dossier beside its row. */
export interface Conserve extends AConserver {
  readonly gelMotif: string | null
  readonly gelLe: Date | null
  readonly remisLe: Date | null
}

/** What retention looks at in a dossier; undefined when there is none. The dossier itself is locked by the caller when it acts. */
export async function conserve(tx: Tx, collectiviteId: string, dossierId: string): Promise<Conserve | undefined> {
  const { rows } = await sql<{
    etat: Etat
    modifie_le: Date
    decide_le: Date | null
    prevenu_le: Date | null
    cache_le: Date | null
    gel_motif: string | null
    gel_le: Date | null
    remis_le: Date | null
    cache_par: string | null
    activite: string | null
  }>`select d.etat, d.modifie_le, d.decide_le, d.prevenu_le, d.cache_le, d.gel_motif, d.gel_le, d.remis_le, e.auteur_nature as cache_par, e.donnees ->> 'activite' as activite
    from dossier d left join evenement e on e.collectivite_id = ${collectiviteId} and e.dossier_id = d.id and e.rang = d.version and e.nature = 'cacher'
    where d.collectivite_id = ${collectiviteId} and d.id = ${dossierId}`.execute(tx)
  const row = rows[0]
  return (
    row && {
      etat: row.etat,
      // Hiding a draft changed it: what counts is when its person last did.
      activiteLe: row.activite ? new Date(row.activite) : row.modifie_le,
      decideLe: row.decide_le,
      prevenuLe: row.prevenu_le,
      cacheLe: row.cache_le,
      cachePar: row.cache_le ? (row.cache_par === 'systeme' ? 'systeme' : 'personne') : undefined,
      estGele: row.gel_motif !== null,
      estRemis: row.remis_le !== null,
      gelMotif: row.gel_motif,
      gelLe: row.gel_le,
      remisLe: row.remis_le,
    }
  )
}

/** A place in a list read piece by piece, in the order of an instant. */
export interface Place {
  readonly id: string
  readonly le: Date
}

const apres = (column: string, last: Place | undefined) =>
  last ? sql` and (${sql.ref(column)} > ${last.le} or (${sql.ref(column)} = ${last.le} and id > ${last.id}))` : sql``

/** Drafts without activity since an instant, the oldest first. */
export async function brouillonsInactifs(tx: Tx, collectiviteId: string, avant: Date, lot: number, last?: Place): Promise<Place[]> {
  const { rows } =
    await sql<Place>`select id, modifie_le as le from dossier where collectivite_id = ${collectiviteId} and etat = 'brouillon'
    and cache_le is null and not essai and gel_motif is null and modifie_le < ${avant}${apres('modifie_le', last)} order by modifie_le, id limit ${lot}`.execute(
      tx,
    )
  return rows
}

/** The definitions in which some dossier was decided before an instant and is not hidden. */
export async function definitionsDecidees(tx: Tx, collectiviteId: string, avant: Date): Promise<string[]> {
  const { rows } = await sql<{ definition: string }>`select distinct definition from dossier where collectivite_id = ${collectiviteId}
    and etat in ('accepte', 'refuse', 'sans_suite') and cache_le is null and decide_le < ${avant}`.execute(tx)
  return rows.map(({ definition }) => definition)
}

/** The dossiers of a definition decided before an instant, the oldest first; `identite`: only those whose identity documents are still to be cleared. */
export async function decides(
  tx: Tx,
  collectiviteId: string,
  { definition, avant, identite = false }: { definition: string; avant: Date; identite?: boolean },
  lot: number,
  last?: Place,
): Promise<Place[]> {
  const { rows } =
    await sql<Place>`select id, decide_le as le from dossier where collectivite_id = ${collectiviteId} and definition = ${definition}
    and etat in ('accepte', 'refuse', 'sans_suite') and cache_le is null and decide_le < ${avant}
    ${identite ? sql`and identite_le is null` : sql`and gel_motif is null`}${apres('decide_le', last)} order by decide_le, id limit ${lot}`.execute(
      tx,
    )
  return rows
}

/** The dossiers hidden before an instant, the oldest first, but for those whose erasure is suspended. */
export async function caches(tx: Tx, collectiviteId: string, avant: Date, lot: number, last?: Place): Promise<Place[]> {
  const { rows } =
    await sql<Place>`select id, cache_le as le from dossier where collectivite_id = ${collectiviteId} and cache_le is not null
    and gel_motif is null and cache_le <= ${avant}${apres('cache_le', last)} order by cache_le, id limit ${lot}`.execute(tx)
  return rows
}

/** How many dossiers a collectivité has, hidden ones and drafts included. */
export async function nombreDeDossiers(tx: Tx, collectiviteId: string): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from dossier where collectivite_id = ${collectiviteId} and not essai`.execute(tx)
  return rows[0]?.n ?? 0
}

/** Where to write to the person about a draft that has no address yet: that of the account which keeps it. */
export async function courrielDuCompte(tx: Tx, collectiviteId: string, dossierId: string): Promise<string | undefined> {
  const { rows } = await sql<{ courriel: string }>`select u.courriel from dossier_usager d join usager u on u.id = d.usager_id
    where d.collectivite_id = ${collectiviteId} and d.dossier_id = ${dossierId} order by d.ajoute_le limit 1`.execute(tx)
  return rows[0]?.courriel
}

/** An erasure that waits for a person, or that one has confirmed. */
export interface Retenue {
  readonly id: string
  readonly constateeLe: Date
  readonly nombre: number
  readonly total: number
  readonly confirmeeLe: Date | null
}

const RETENUE = sql.raw('id, constatee_le as "constateeLe", nombre, total, confirmee_le as "confirmeeLe"')

/** The erasure that waits for a person, if any. */
export async function retenueOuverte(tx: Tx, collectiviteId: string): Promise<Retenue | undefined> {
  const { rows } =
    await sql<Retenue>`select ${RETENUE} from retenue where collectivite_id = ${collectiviteId} and confirmee_le is null`.execute(tx)
  return rows[0]
}

/** The last one that a person confirmed since an instant. */
export async function retenueConfirmee(tx: Tx, collectiviteId: string, depuis: Date): Promise<Retenue | undefined> {
  const { rows } = await sql<Retenue>`select ${RETENUE} from retenue where collectivite_id = ${collectiviteId} and confirmee_le > ${depuis}
    order by confirmee_le desc limit 1`.execute(tx)
  return rows[0]
}
