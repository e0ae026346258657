import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { ecrireDefinition } from '../definition.ts'
import { idDuModele } from '../partage.ts'
import { demarche } from '../queries/demarches.ts'
import { refusals } from '../refusals.ts'
import type { Atelier } from './copie.ts'
import { garderDefinition } from './garder-definition.ts'

// Twice the templates shipped. The catalogue is read by everybody: nobody fills it up alone.
const MAXIMUM = 80

/**
 * Offers the published revision of a démarche to the other collectivités, as the next version of its template in the catalogue. Those that
 * have adopted it see the differences, and take them whole or in part; nothing changes for them until then. Refuses one never published,
 * one that is already offered as it is, and more than eighty templates of one collectivité.
 */
export async function proposerAuxAutres(app: App, tx: Tx, atelier: Atelier): Promise<Result<{ id: string; version: number }>> {
  const { collectiviteId, demarcheId, agentId } = atelier
  const published = await demarche(tx, collectiviteId, demarcheId)
  if (!published || published.revision === 0) return refuse(refusals.jamais_publiee)
  // Two agents of two collectivités may publish at the same instant: versions are counted one after the other.
  await sql`select pg_advisory_xact_lock(7271473)`.execute(tx)
  const id = idDuModele(collectiviteId, demarcheId)
  const own = await sql<{ version: number; empreinte: string; lignee: string; est_retire: boolean }>`
    select version, empreinte, lignee, retire_le is not null as est_retire from modele_demarche
    where origine_id = ${collectiviteId} and id = ${id} order by version desc limit 1`.execute(tx)
  const last = own.rows[0]
  if (!last || last.est_retire) {
    const offered = await sql<{ nombre: number }>`select count(distinct id)::int as nombre from modele_demarche
      where origine_id = ${collectiviteId} and retire_le is null`.execute(tx)
    if ((offered.rows[0]?.nombre ?? 0) >= MAXIMUM) return refuse(refusals.trop_de_modeles)
  }
  // The template carries its own id and version: whoever adopts it has a démarche of that name.
  const definition = { ...published.modele, id, version: last?.version ?? 1 }
  if (last && last.empreinte === ecrireDefinition(definition).empreinte && !last.est_retire) return refuse(refusals.rien_a_publier)
  const version = (last?.version ?? 0) + 1
  const lignee = last?.lignee ?? (published.origine ? await ligneeDe(tx, published.origine.id) : id)
  const empreinte = await garderDefinition(tx, { ...definition, version })
  const now = app.clock.now()
  await sql`insert into modele_demarche (id, version, empreinte, lignee, origine_id, publie_le, publie_par)
    values (${id}, ${version}, ${empreinte}, ${lignee}, ${collectiviteId}, ${now}, ${agentId})`.execute(tx)
  await announceChange(tx, '*')
  await record(tx, collectiviteId, now, {
    acteur: `agent:${agentId}`,
    action: 'demarche.proposer',
    objet: `modele:${id}:${version}`,
    empreinte: payloadHash({ empreinte }),
  })
  return ok({ id, version })
}

/** Withdraws a template of this collectivité from the catalogue: those who use it keep what they have. */
export async function retirerDuCatalogue(app: App, tx: Tx, atelier: Omit<Atelier, 'demarcheId'>, modeleId: string): Promise<Result<void>> {
  const { numAffectedRows } = await sql`update modele_demarche set retire_le = ${app.clock.now()}
    where id = ${modeleId} and origine_id = ${atelier.collectiviteId} and retire_le is null`.execute(tx)
  if (!numAffectedRows) return refuse(refusals.modele_inconnu)
  await record(tx, atelier.collectiviteId, app.clock.now(), {
    acteur: `agent:${atelier.agentId}`,
    action: 'demarche.retirer',
    objet: `modele:${modeleId}`,
    empreinte: payloadHash({}),
  })
  return ok(undefined)
}

async function ligneeDe(tx: Tx, modeleId: string): Promise<string> {
  const { rows } = await sql<{ lignee: string }>`select lignee from modele_demarche where id = ${modeleId} limit 1`.execute(tx)
  return rows[0]?.lignee ?? modeleId
}
