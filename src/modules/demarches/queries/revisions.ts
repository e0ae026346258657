import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Modele } from '../demarche.ts'
import { modelePublie } from './demarches.ts'

/** A published revision of a démarche. */
export interface Revision {
  readonly numero: number
  readonly le: Date
  /** The agent who published it; null when the territory was opened. */
  readonly par: string | null
  readonly empreinte: string
}

// A démarche adopted at the opening tells its first revision itself, until a second one comes (adopter.ts).
const toutes = (collectiviteId: string, demarcheId: string) => sql`
  select numero, publiee_le as le, publiee_par as par, empreinte from revision_demarche
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId}
  union all
  select 1, d.modifiee_le, null, d.empreinte from demarche d
    where d.collectivite_id = ${collectiviteId} and d.id = ${demarcheId} and d.revision = 1
      and not exists (select from revision_demarche r where r.collectivite_id = ${collectiviteId} and r.demarche_id = ${demarcheId})`

/** The revisions of a démarche, the latest first; 50 at most. */
export async function revisionsDe(tx: Tx, collectiviteId: string, demarcheId: string): Promise<Revision[]> {
  const { rows } = await sql<Revision>`select * from (${toutes(collectiviteId, demarcheId)}) r order by numero desc limit 50`.execute(tx)
  return rows
}

/** A revision as it was published, whatever came after; undefined when there is none of that number. */
export async function revisionDe(
  tx: Tx,
  collectiviteId: string,
  demarcheId: string,
  numero: number,
): Promise<(Revision & { readonly modele: Modele }) | undefined> {
  const { rows } = await sql<Revision>`select * from (${toutes(collectiviteId, demarcheId)}) r where numero = ${numero}`.execute(tx)
  return rows[0] && { ...rows[0], modele: await modelePublie(tx, rows[0].empreinte) }
}
