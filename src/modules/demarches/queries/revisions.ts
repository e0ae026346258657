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

/** The revisions of a démarche, the latest first; 50 at most. */
export async function revisionsDe(tx: Tx, collectiviteId: string, demarcheId: string): Promise<Revision[]> {
  const { rows } = await sql<Revision>`select numero, publiee_le as le, publiee_par as par, empreinte from revision_demarche
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} order by numero desc limit 50`.execute(tx)
  return rows
}

/** A revision as it was published, whatever came after; undefined when there is none of that number. */
export async function revisionDe(
  tx: Tx,
  collectiviteId: string,
  demarcheId: string,
  numero: number,
): Promise<(Revision & { readonly modele: Modele }) | undefined> {
  const { rows } = await sql<Revision>`select numero, publiee_le as le, publiee_par as par, empreinte from revision_demarche
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} and numero = ${numero}`.execute(tx)
  return rows[0] && { ...rows[0], modele: await modelePublie(tx, rows[0].empreinte) }
}
