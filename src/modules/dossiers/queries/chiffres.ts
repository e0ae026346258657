import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { ChiffresPublics, Compte } from '../chiffres.ts'

/** The counts of a collectivité, of one démarche or between two months when asked: `du` included, `au` excluded. */
export async function comptesDe(
  tx: Tx,
  collectiviteId: string,
  { demarcheId, du, au }: { readonly demarcheId?: string; readonly du?: string; readonly au?: string } = {},
): Promise<Compte[]> {
  const { rows } = await sql<Compte>`select demarche_id as "demarcheId", mois, mesure, cle, nombre from chiffre_demarche
    where collectivite_id = ${collectiviteId}
    ${demarcheId === undefined ? sql`` : sql`and demarche_id = ${demarcheId}`} ${du ? sql`and mois >= ${du}` : sql``} ${au ? sql`and mois < ${au}` : sql``}
    order by demarche_id, mois, mesure, cle`.execute(tx)
  return rows
}

/** When the figures were counted; undefined before the first time. */
export async function calculeLe(tx: Tx, collectiviteId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ le: Date }>`select le from calcul_chiffres where collectivite_id = ${collectiviteId}`.execute(tx)
  return rows[0]?.le
}

/** Until when each démarche is published: id → first day that is not. */
export async function dernieresPeriodes(tx: Tx, collectiviteId: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; au: string }>`select demarche_id as id, max(au)::text as au from chiffre_public
    where collectivite_id = ${collectiviteId} group by 1`.execute(tx)
  return new Map(rows.map(({ id, au }) => [id, au]))
}

/** A period published: days `YYYY-MM-DD`, the end excluded. */
export interface PeriodePubliee {
  readonly du: string
  readonly au: string
  readonly chiffres: ChiffresPublics
}

/** What is published of a démarche, the latest first. */
export async function periodesPubliees(tx: Tx, collectiviteId: string, demarcheId: string): Promise<PeriodePubliee[]> {
  const { rows } = await sql<PeriodePubliee>`select du, au, chiffres from chiffre_public
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} order by du desc`.execute(tx)
  return rows
}
