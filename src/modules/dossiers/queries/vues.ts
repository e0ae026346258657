import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { isUuid } from '../../../platform/ids.ts'
import { type Choix, schemaChoix, TOUT } from '../recherche/choix.ts'

/** A list that an agent keeps: what it shows, in which order, with which columns. */
export interface Vue {
  readonly id: string
  readonly nom: string
  readonly choix: Choix
  readonly estPartagee: boolean
  /** Whose it is: they alone change it. */
  readonly agentId: string
  /** The list of who asks opens on it. */
  readonly estParDefaut: boolean
  readonly supprimeeLe: Date | null
}

type Row = Omit<Vue, 'choix'> & { readonly choix: unknown }

// What a former version of the program kept may say less or more: what is not understood is as if nothing were asked.
const lue = ({ choix, ...row }: Row): Vue => {
  const parsed = schemaChoix.safeParse({ ...TOUT, ...(choix as object) })
  return { ...row, choix: parsed.success ? parsed.data : TOUT }
}

const select = (
  collectiviteId: string,
  agentId: string,
) => sql`select v.id, v.nom, v.choix, v.est_partagee as "estPartagee", v.agent_id as "agentId",
  v.supprimee_le as "supprimeeLe", exists (select from vue_par_defaut p where p.collectivite_id = ${collectiviteId} and p.agent_id = ${agentId} and p.vue_id = v.id) as "estParDefaut"
  from vue v where v.collectivite_id = ${collectiviteId} and (v.agent_id = ${agentId} or v.est_partagee)`

// A list of more is no help to anybody.
export const VUES_AU_PLUS = 30

/** The views that an agent may open: theirs, then those that others share, by name. */
export async function vuesDe(tx: Tx, collectiviteId: string, agentId: string): Promise<Vue[]> {
  const { rows } = await sql<Row>`${select(collectiviteId, agentId)} and v.supprimee_le is null
    order by v.agent_id <> ${agentId}, v.nom, v.id limit ${2 * VUES_AU_PLUS}`.execute(tx)
  return rows.map(lue)
}

/** One of them; undefined when it is unknown, someone else's, or deleted (unless `supprimee`: to take it back). */
export async function vueParId(tx: Tx, collectiviteId: string, agentId: string, id: string, supprimee = false): Promise<Vue | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } =
    await sql<Row>`${select(collectiviteId, agentId)} and v.id = ${id}${supprimee ? sql`` : sql` and v.supprimee_le is null`}`.execute(tx)
  return rows[0] && lue(rows[0])
}

/** The view on which an agent's list opens; undefined when they chose none. */
export async function vueParDefaut(tx: Tx, collectiviteId: string, agentId: string): Promise<string | undefined> {
  const { rows } = await sql<{
    id: string
  }>`select v.id from vue_par_defaut p join vue v on v.collectivite_id = ${collectiviteId} and v.id = p.vue_id
    where p.collectivite_id = ${collectiviteId} and p.agent_id = ${agentId} and v.supprimee_le is null and (v.agent_id = ${agentId} or v.est_partagee)`.execute(
    tx,
  )
  return rows[0]?.id
}
