import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Portee } from '../../../platform/http/route.ts'
import type { Etat } from '../dossier.ts'
import { ETATS_A_TRAITER } from '../recherche/choix.ts'
import { filtreDePortee } from './portee.ts'

/** A dossier that silence decides, or has decided. */
export interface LigneDeSilence {
  readonly id: string
  readonly reference: string
  readonly demandeurNom: string | null
  readonly definition: string
  readonly etat: Etat
  readonly service: string | null
  readonly agentId: string | null
  /** The day on which the law decides. */
  readonly jour: string
}

/** One page of lines, and how many there are in all, PLAFOND + 1 meaning « more ». */
export interface PageDeSilence {
  readonly lignes: LigneDeSilence[]
  readonly total: number
}

const COLUMNS = sql.raw('d.id, d.reference, d.demandeur_nom as "demandeurNom", d.definition, d.etat, d.service, d.agent_id as "agentId"')
export const PAR_PAGE = 25
/** Counts and pages stop here: a list costs the same whatever the number of dossiers. */
export const PLAFOND = 1000

/**
 * The undecided dossiers whose day of silence is within two days, both included, in order; page from 1. Each state is read by the index
 * `dossier_echeance` in that order, and given up beyond PLAFOND: 200,000 dossiers cost what 2,000 do.
 */
export async function silenceEntre(
  tx: Tx,
  collectiviteId: string,
  { du, au, portee }: { du: string; au: string; portee: Portee },
  page: number,
): Promise<PageDeSilence> {
  const parEtat = ETATS_A_TRAITER.map(
    etat => sql`(select id, silence_le from dossier where collectivite_id = ${collectiviteId} and etat = ${sql.lit(etat)} and cache_le is null
      and silence_le >= ${du} and silence_le <= ${au}${filtreDePortee(portee)} order by silence_le, id limit ${PLAFOND + 1})`,
  )
  const { rows } = await sql<LigneDeSilence & { total: number }>`
    with candidats as materialized (${sql.join(parEtat, sql` union all `)}),
    choisis as materialized (
      select id, silence_le, (count(*) over ())::int as total from candidats order by silence_le, id limit ${PAR_PAGE} offset ${(page - 1) * PAR_PAGE}
    )
    select ${COLUMNS}, choisis.silence_le as jour, choisis.total
    from choisis join dossier d on d.collectivite_id = ${collectiviteId} and d.id = choisis.id order by choisis.silence_le, d.id`.execute(
    tx,
  )
  return enPage(rows)
}

/**
 * The dossiers that silence has decided by itself, recorded since an instant, the last first. By the index `evenement_automatique`; those
 * reopened since are not among them, nor declarations, which wait for no silence.
 */
export async function decidesParSilence(
  tx: Tx,
  collectiviteId: string,
  { depuis, portee }: { depuis: Date; portee: Portee },
  page: number,
): Promise<PageDeSilence> {
  const { rows } = await sql<LigneDeSilence & { total: number }>`
    with candidats as materialized (
      select d.id, e.le, e.donnees->>'jour' as jour from evenement e
      join dossier d on d.collectivite_id = ${collectiviteId} and d.id = e.dossier_id
      where e.collectivite_id = ${collectiviteId} and e.nature in ('accepter_auto', 'refuser_auto') and e.le >= ${depuis}
        and e.donnees->>'jour' is not null and d.decide_le = e.le and d.cache_le is null${filtreDePortee(portee)}
      order by e.le desc, d.id limit ${PLAFOND + 1}
    ), choisis as materialized (
      select id, le, jour, (count(*) over ())::int as total from candidats order by le desc, id limit ${PAR_PAGE} offset ${(page - 1) * PAR_PAGE}
    )
    select ${COLUMNS}, choisis.jour, choisis.total
    from choisis join dossier d on d.collectivite_id = ${collectiviteId} and d.id = choisis.id order by choisis.le desc, d.id`.execute(tx)
  return enPage(rows)
}

const enPage = (rows: readonly (LigneDeSilence & { total: number })[]): PageDeSilence => ({
  lignes: rows.map(({ total: _, ...ligne }) => ligne),
  total: Math.min(rows[0]?.total ?? 0, PLAFOND + 1),
})

/** The definitions in which some dossier has reached its day of silence, today included: a few, whatever the number of dossiers. */
export async function definitionsEchues(tx: Tx, collectiviteId: string, today: string): Promise<string[]> {
  const { rows } = await sql<{ definition: string }>`select distinct definition from dossier
    where collectivite_id = ${collectiviteId} and etat in ('en_construction', 'en_instruction') and cache_le is null and silence_le <= ${today}`.execute(
    tx,
  )
  return rows.map(({ definition }) => definition)
}

/** Some of the dossiers of these definitions that have reached their day, the oldest first, after one given. */
export async function dossiersEchus(
  tx: Tx,
  collectiviteId: string,
  definitions: readonly string[],
  today: string,
  limit: number,
  apres: { jour: string; id: string } | undefined,
): Promise<{ id: string; jour: string }[]> {
  const suite = apres ? sql` and (silence_le, id) > (${apres.jour}::date, ${apres.id}::uuid)` : sql``
  const { rows } = await sql<{ id: string; jour: string }>`select id, silence_le as jour from dossier
    where collectivite_id = ${collectiviteId} and etat in ('en_construction', 'en_instruction') and cache_le is null
      and silence_le <= ${today} and definition = any(${[...definitions]})${suite} order by silence_le, id limit ${limit}`.execute(tx)
  return rows
}
