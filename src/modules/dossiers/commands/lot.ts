import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { isUniqueViolation, type Tx } from '../../../platform/db/open.ts'
import type { ActingAgent } from '../../../platform/http/route.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs/jobs.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { type ActeDeLot, auPlus, type Parametres, REGLES } from '../lots/actes.ts'
import { filtreDePortee } from '../queries/portee.ts'
import { refusals } from '../refusals.ts'
import type { LotRow } from '../tables.ts'

/** Who asks for a batch, and where. */
export interface Demandeur {
  readonly app: App
  readonly tx: Tx
  readonly collectiviteId: string
  readonly agent: Pick<ActingAgent, 'id' | 'permissions' | 'portee'>
}

/** A dossier chosen in a list; without a version, as it is now. */
export interface Choisi {
  readonly id: string
  readonly version?: number | undefined
}

/**
 * Writes down the dossiers chosen, with the versions seen: nothing happens to them until `lancerLot`. What the agent may not see is left out. Refuses an act
 * without its permission, no dossier, and too many. Gives the id of the batch.
 */
export async function preparerLot(qui: Demandeur, acte: ActeDeLot, choisis: readonly Choisi[]): Promise<Result<string>> {
  const { app, tx, collectiviteId, agent } = qui
  if (!agent.permissions.has(REGLES[acte].permission)) return refuse(refusals.lot_interdit)
  if (choisis.length === 0) return refuse({ ...refusals.lot_vide, field: 'd' })
  if (choisis.length > auPlus(acte)) return refuse(refusals[acte === 'archiver' ? 'lot_trop_grand_archive' : 'lot_trop_grand'])
  const id = newId()
  await sql`insert into lot (collectivite_id, id, agent_id, acte, cree_le) values (${collectiviteId}, ${id}, ${agent.id}, ${acte}, ${app.clock.now()})`.execute(
    tx,
  )
  const { numAffectedRows } = await sql`insert into lot_dossier (collectivite_id, lot_id, dossier_id, rang, version)
    select ${collectiviteId}::uuid, ${id}::uuid, d.id, min(u.rang)::int, min(coalesce(u.version, d.version))
    from unnest(${choisis.map(one => one.id)}::uuid[], ${choisis.map(({ version }) => version ?? null)}::int[]) with ordinality as u (id, version, rang)
    join (select * from dossier where collectivite_id = ${collectiviteId} and etat <> 'brouillon' and cache_le is null${filtreDePortee(agent.portee)}) d on d.id = u.id
    group by d.id`.execute(tx)
  if (!numAffectedRows) return refuse({ ...refusals.lot_vide, field: 'd' })
  return ok(id)
}

/** Starts a batch that was prepared, by who prepared it. Refuses what it needs and was not given, and one that was started already. */
export async function lancerLot(qui: Demandeur, lot: LotRow & { readonly acte: ActeDeLot }, parametres: Parametres): Promise<Result<null>> {
  const { app, tx, collectiviteId, agent } = qui
  const { demandes, permission } = REGLES[lot.acte]
  if (!agent.permissions.has(permission)) return refuse(refusals.lot_interdit)
  if (demandes.includes('service') && !parametres.service) return refuse({ ...refusals.service_inconnu, field: 'service' })
  if (demandes.includes('etiquette') && !parametres.etiquette) return refuse({ ...refusals.etiquette_inconnue, field: 'etiquette' })
  if (demandes.includes('motif') && !parametres.motif) return refuse({ ...refusals.motif_absent, field: 'motif' })
  const { numAffectedRows } = await sql`update lot set parametres = ${JSON.stringify(parametres)}, lance_le = ${app.clock.now()}
    where collectivite_id = ${collectiviteId} and id = ${lot.id} and agent_id = ${agent.id} and lance_le is null`.execute(tx)
  if (!numAffectedRows) return refuse(refusals.lot_deja)
  await noter(qui, 'lot.lancer', lot.id, { acte: lot.acte, parametres })
  await mettreAuTravail(tx, collectiviteId, lot.id)
  return ok(null)
}

/** Stops a batch: what is done is done, what waits will not be. Refuses one that ended. */
export async function arreterLot(qui: Demandeur, lot: LotRow): Promise<Result<null>> {
  const { app, tx, collectiviteId, agent } = qui
  const { numAffectedRows } =
    await sql`update lot set arrete_le = ${app.clock.now()} where collectivite_id = ${collectiviteId} and id = ${lot.id}
    and agent_id = ${agent.id} and lance_le is not null and fini_le is null and arrete_le is null`.execute(tx)
  if (!numAffectedRows) return refuse(refusals.lot_fini)
  await noter(qui, 'lot.arreter', lot.id, {})
  await mettreAuTravail(tx, collectiviteId, lot.id)
  return ok(null)
}

/**
 * Undoes a batch that ended: the reverse act on each dossier that it changed and that nobody changed since. Refuses a decision (it is reopened, one by one),
 * one that runs still, and one undone already. Gives the id of the new batch.
 */
export async function defaireLot(qui: Demandeur, lot: LotRow & { readonly acte: ActeDeLot }): Promise<Result<string>> {
  const { app, tx, collectiviteId, agent } = qui
  const { defaire, permission } = REGLES[lot.acte]
  if (!defaire || lot.defait_id) return refuse(refusals.lot_definitif)
  if (!agent.permissions.has(permission)) return refuse(refusals.lot_interdit)
  if (!lot.fini_le) return refuse(refusals.lot_en_cours)
  const id = newId()
  const now = app.clock.now()
  try {
    await sql`insert into lot (collectivite_id, id, agent_id, acte, parametres, defait_id, cree_le, lance_le)
      values (${collectiviteId}, ${id}, ${agent.id}, ${lot.acte}, ${JSON.stringify(lot.parametres)}, ${lot.id}, ${now}, ${now})`.execute(tx)
  } catch (error) {
    if (isUniqueViolation(error, 'lot_defait')) return refuse(refusals.lot_deja_defait)
    throw error
  }
  const { numAffectedRows } = await sql`insert into lot_dossier (collectivite_id, lot_id, dossier_id, rang, version, avant)
    select collectivite_id, ${id}::uuid, dossier_id, rang, apres, avant from lot_dossier
    where collectivite_id = ${collectiviteId} and lot_id = ${lot.id} and etat = 'fait'`.execute(tx)
  if (!numAffectedRows) return refuse(refusals.lot_vide)
  await noter(qui, 'lot.defaire', lot.id, { par: id })
  await mettreAuTravail(tx, collectiviteId, id)
  return ok(id)
}

/** Puts the job of a batch; one already waiting for it is replaced, not doubled. */
export const mettreAuTravail = (tx: Tx, collectiviteId: string, lotId: string): Promise<void> =>
  enqueue(tx, 'traiter-lot', { collectiviteId, lotId }, { jobKey: `lot|${lotId}` })

const noter = ({ app, tx, collectiviteId, agent }: Demandeur, action: string, lotId: string, contenu: object): Promise<void> =>
  record(tx, collectiviteId, app.clock.now(), {
    acteur: `agent:${agent.id}`,
    action,
    objet: `lot:${lotId}`,
    empreinte: payloadHash(contenu),
  })
