import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Usage } from '../gabarit.ts'
import type { GabaritRow, VersionRow } from '../tables.ts'

const LAST = sql`select g.id, g.usage, g.demarche_id, g.version, g.retire_le, v.contenu, v.le, v.par from gabarit g
  join version_gabarit v on v.collectivite_id = g.collectivite_id and v.gabarit_id = g.id and v.numero = g.version`

/** Every text of a collectivité, those withdrawn last; 500 at most. */
export async function gabarits(tx: Tx, collectiviteId: string): Promise<GabaritRow[]> {
  const { rows } = await sql<GabaritRow>`${LAST} where g.collectivite_id = ${collectiviteId}
    order by g.retire_le nulls first, g.usage, g.demarche_id nulls first, g.id limit 500`.execute(tx)
  return rows
}

/** A text; undefined when the collectivité has none of that id. `lock` holds it until the end of the transaction. */
export async function gabarit(tx: Tx, collectiviteId: string, id: string, lock = false): Promise<GabaritRow | undefined> {
  const { rows } =
    await sql<GabaritRow>`${LAST} where g.collectivite_id = ${collectiviteId} and g.id = ${id} ${lock ? sql`for update of g` : sql``}`.execute(
      tx,
    )
  return rows[0]
}

/** The text that serves for a use and a démarche: the one written for it, else the one for all; undefined when there is none. */
export async function gabaritEnService(tx: Tx, collectiviteId: string, usage: Usage, demarcheId: string): Promise<GabaritRow | undefined> {
  const { rows } = await sql<GabaritRow>`${LAST} where g.collectivite_id = ${collectiviteId} and g.usage = ${usage} and g.retire_le is null
    and (g.demarche_id = ${demarcheId} or g.demarche_id is null) order by g.demarche_id nulls last limit 1`.execute(tx)
  return rows[0]
}

/** The letters that an agent may begin from for a démarche: those written for it first, then those for all; 48 at most. */
export async function courriersEnService(tx: Tx, collectiviteId: string, demarcheId: string): Promise<GabaritRow[]> {
  const { rows } =
    await sql<GabaritRow>`${LAST} where g.collectivite_id = ${collectiviteId} and g.usage = 'document.courrier' and g.retire_le is null
    and (g.demarche_id = ${demarcheId} or g.demarche_id is null) order by g.demarche_id nulls last, v.contenu->>'titre', g.id limit 48`.execute(
      tx,
    )
  return rows
}

/** The versions of a text, the latest first; 50 at most. */
export async function versions(tx: Tx, collectiviteId: string, gabaritId: string): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`select numero, contenu, le, par, reprise_de from version_gabarit
    where collectivite_id = ${collectiviteId} and gabarit_id = ${gabaritId} order by numero desc limit 50`.execute(tx)
  return rows
}

/** One version of a text; undefined when there is none of that number. */
export async function version(tx: Tx, collectiviteId: string, gabaritId: string, numero: number): Promise<VersionRow | undefined> {
  const { rows } = await sql<VersionRow>`select numero, contenu, le, par, reprise_de from version_gabarit
    where collectivite_id = ${collectiviteId} and gabarit_id = ${gabaritId} and numero = ${numero}`.execute(tx)
  return rows[0]
}
