import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

/** What people think of a démarche: mean of the marks, from 1 to 5, and how many there are. */
export interface Moyenne {
  readonly moyenne: number
  readonly nombre: number
}

/** Below, a mean says more about somebody than about the démarche: it is not shown to everybody. The figures of a démarche ask for more (chiffres). */
export const AVIS_MINIMUM = 5

/** The mean of each démarche of a collectivité that somebody gave an opinion on. */
export async function moyennes(tx: Tx, collectiviteId: string): Promise<ReadonlyMap<string, Moyenne>> {
  const { rows } = await sql<{
    id: string
    moyenne: number
    nombre: number
  }>`select demarche_id as id, avg(note)::float8 as moyenne, count(*)::int as nombre
    from avis where collectivite_id = ${collectiviteId} group by demarche_id`.execute(tx)
  return new Map(rows.map(({ id, moyenne, nombre }) => [id, { moyenne, nombre }]))
}

/** The mean of one démarche, once enough people gave an opinion; undefined before. */
export async function moyennePublique(tx: Tx, collectiviteId: string, demarcheId: string): Promise<Moyenne | undefined> {
  const { rows } = await sql<{ moyenne: number | null; nombre: number }>`select avg(note)::float8 as moyenne, count(*)::int as nombre
    from avis where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId}`.execute(tx)
  const row = rows[0]
  return row && row.moyenne !== null && row.nombre >= AVIS_MINIMUM ? { moyenne: row.moyenne, nombre: row.nombre } : undefined
}

/** An opinion, without the name of who gave it. */
export interface Avis {
  readonly note: number
  readonly phrase: string | null
  readonly moment: 'depot' | 'decision'
  /** `YYYY-MM-DD`. */
  readonly le: string
}

/** The latest opinions on a démarche that say something in words, and how many gave each mark. */
export async function avisDe(
  tx: Tx,
  collectiviteId: string,
  demarcheId: string,
): Promise<{ readonly derniers: readonly Avis[]; readonly parNote: Readonly<Record<string, number>> }> {
  const derniers = await sql<Avis>`select note, phrase, moment, le::text as le from avis
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} and phrase is not null order by le desc, id desc limit 20`.execute(
    tx,
  )
  const counts = await sql<{ note: number; nombre: number }>`select note, count(*)::int as nombre from avis
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} group by note`.execute(tx)
  return { derniers: derniers.rows, parNote: Object.fromEntries(counts.rows.map(({ note, nombre }) => [String(note), nombre])) }
}

/** Whether an opinion was already given about a dossier at a moment. */
export async function avisDonne(tx: Tx, collectiviteId: string, dossierId: string, moment: 'depot' | 'decision'): Promise<boolean> {
  const { rows } =
    await sql`select 1 from avis where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId} and moment = ${moment}`.execute(tx)
  return rows.length > 0
}

/** How many opinions of each mark a démarche received each month (`YYYY-MM-01`): for its figures. */
export async function avisParMois(
  tx: Tx,
  collectiviteId: string,
): Promise<{ readonly demarcheId: string; readonly mois: string; readonly note: number; readonly nombre: number }[]> {
  const { rows } = await sql<{ demarcheId: string; mois: string; note: number; nombre: number }>`select demarche_id as "demarcheId",
    date_trunc('month', le)::date as mois, note, count(*)::int as nombre from avis where collectivite_id = ${collectiviteId} group by 1, 2, 3`.execute(
    tx,
  )
  return rows
}
