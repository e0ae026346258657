import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { isUniqueViolation, type Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { VUES_AU_PLUS, vueParId } from '../queries/vues.ts'
import type { Choix } from '../recherche/choix.ts'
import { refusals } from '../refusals.ts'

/** Whose views, and where. */
export interface Proprietaire {
  readonly app: App
  readonly tx: Tx
  readonly collectiviteId: string
  readonly agentId: string
}

/**
 * Keeps a list under a name. An agent's view of the same name takes its place: that is how one changes a view. Refuses an empty name and one view too many.
 * Gives its id.
 */
export async function garderVue(
  { app, tx, collectiviteId, agentId }: Proprietaire,
  vue: { readonly nom: string; readonly choix: Choix; readonly estPartagee: boolean; readonly estParDefaut: boolean },
): Promise<Result<string>> {
  if (vue.nom === '') return refuse({ ...refusals.vue_sans_nom, field: 'nom' })
  const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n from vue
    where collectivite_id = ${collectiviteId} and agent_id = ${agentId} and supprimee_le is null and nom <> ${vue.nom}`.execute(tx)
  if (counted[0]!.n >= VUES_AU_PLUS) return refuse(refusals.vues_trop_nombreuses)
  const { rows } = await sql<{ id: string }>`
    insert into vue (collectivite_id, id, agent_id, est_partagee, nom, choix, modifiee_le)
    values (${collectiviteId}, ${newId()}, ${agentId}, ${vue.estPartagee}, ${vue.nom}, ${JSON.stringify(vue.choix)}, ${app.clock.now()})
    on conflict (collectivite_id, agent_id, nom) where supprimee_le is null
    do update set choix = excluded.choix, est_partagee = excluded.est_partagee, modifiee_le = excluded.modifiee_le returning id`.execute(tx)
  const { id } = rows[0]!
  if (vue.estParDefaut) await ouvrirSur(tx, collectiviteId, agentId, id)
  return ok(id)
}

/** Gives one's own view another name. Refuses an empty one, and that of another of one's views. */
export async function renommerVue({ app, tx, collectiviteId, agentId }: Proprietaire, id: string, nom: string): Promise<Result<string>> {
  if (nom === '') return refuse({ ...refusals.vue_sans_nom, field: 'nom' })
  try {
    const { rows } = await sql<{ id: string }>`update vue set nom = ${nom}, modifiee_le = ${app.clock.now()}
      where collectivite_id = ${collectiviteId} and id = ${id} and agent_id = ${agentId} and supprimee_le is null returning id`.execute(tx)
    return rows[0] ? ok(id) : refuse(refusals.vue_inconnue)
  } catch (error) {
    // The transaction is lost; `once` undoes it with the refusal.
    if (isUniqueViolation(error, 'vue_nom')) return refuse({ ...refusals.vue_nom_pris, field: 'nom' })
    throw error
  }
}

/** Deletes one's own view; it can be taken back for thirty days (`menage`). */
export async function supprimerVue({ app, tx, collectiviteId, agentId }: Proprietaire, id: string): Promise<Result<string>> {
  const { rows } = await sql<{ id: string }>`update vue set supprimee_le = ${app.clock.now()}
    where collectivite_id = ${collectiviteId} and id = ${id} and agent_id = ${agentId} and supprimee_le is null returning id`.execute(tx)
  return rows[0] ? ok(id) : refuse(refusals.vue_inconnue)
}

/** Takes back a view that one deleted. Refuses when its name was given to another one meanwhile. */
export async function retablirVue({ tx, collectiviteId, agentId }: Proprietaire, id: string): Promise<Result<string>> {
  try {
    const { rows } = await sql<{ id: string }>`update vue set supprimee_le = null
      where collectivite_id = ${collectiviteId} and id = ${id} and agent_id = ${agentId} and supprimee_le is not null returning id`.execute(
      tx,
    )
    return rows[0] ? ok(id) : refuse(refusals.vue_inconnue)
  } catch (error) {
    if (isUniqueViolation(error, 'vue_nom')) return refuse(refusals.vue_nom_pris)
    throw error
  }
}

/** Has one's list open on a view that one may see, or on what waits (''). */
export async function choisirVueParDefaut({ tx, collectiviteId, agentId }: Proprietaire, id: string): Promise<Result<string>> {
  if (id === '') {
    await sql`delete from vue_par_defaut where collectivite_id = ${collectiviteId} and agent_id = ${agentId}`.execute(tx)
    return ok('')
  }
  if (!(await vueParId(tx, collectiviteId, agentId, id))) return refuse(refusals.vue_inconnue)
  await ouvrirSur(tx, collectiviteId, agentId, id)
  return ok(id)
}

const ouvrirSur = (tx: Tx, collectiviteId: string, agentId: string, id: string) =>
  sql`insert into vue_par_defaut (collectivite_id, agent_id, vue_id) values (${collectiviteId}, ${agentId}, ${id})
    on conflict (collectivite_id, agent_id) do update set vue_id = excluded.vue_id`.execute(tx)
