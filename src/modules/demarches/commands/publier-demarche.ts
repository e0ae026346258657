import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { checkModele } from '../demarche.ts'
import { copieDe } from '../queries/copie.ts'
import { demarche } from '../queries/demarches.ts'
import { refusals } from '../refusals.ts'
import { type Atelier, abandonner } from './copie.ts'
import { garderDefinition } from './garder-definition.ts'

/**
 * Publishes the working copy of a démarche as its next revision, which never changes. Drafts begun are carried over when their person comes
 * back; dossiers filed keep theirs. Refuses a definition that cannot work, and one that changes nothing. `ouvrir` also opens it to residents.
 */
export async function publierDemarche(app: App, tx: Tx, atelier: Atelier, ouvrir = false): Promise<Result<{ revision: number }>> {
  const { collectiviteId, demarcheId, agentId } = atelier
  const copie = await copieDe(tx, collectiviteId, demarcheId, true)
  const published = await demarche(tx, collectiviteId, demarcheId)
  if (!copie || !published) return refuse(refusals.copie_absente)
  if (checkModele(copie.modele).length > 0) return refuse(refusals.defauts)
  const empreinte = await garderDefinition(tx, copie.modele)
  const sameOrigin = copie.origine?.id === published.origine?.id && copie.origine?.version === published.origine?.version
  if (published.revision > 0 && empreinte === published.definition && sameOrigin) return refuse(refusals.rien_a_publier)
  const revision = published.revision + 1
  const now = app.clock.now()
  const { id: modeleId = null, version = null } = copie.origine ?? {}
  if (published.revision === 1) await ecrirePremiere(tx, collectiviteId, demarcheId)
  await sql`insert into revision_demarche (collectivite_id, demarche_id, numero, empreinte, modele_id, modele_version, publiee_le, publiee_par)
    values (${collectiviteId}, ${demarcheId}, ${revision}, ${empreinte}, ${modeleId}, ${version}, ${now}, ${agentId})`.execute(tx)
  await sql`update demarche set revision = ${revision}, empreinte = ${empreinte}, modele_id = ${modeleId}, modele_version = ${version},
    est_ouverte = est_ouverte or ${ouvrir}, modifiee_le = ${now} where collectivite_id = ${collectiviteId} and id = ${demarcheId}`.execute(
    tx,
  )
  await noterAdoption(tx, now, collectiviteId, demarcheId, copie.origine)
  await abandonner(tx, atelier)
  await announceChange(tx, collectiviteId)
  await record(tx, collectiviteId, now, {
    acteur: `agent:${agentId}`,
    action: 'demarche.publier',
    objet: `demarche:${demarcheId}:${revision}`,
    empreinte: payloadHash({ empreinte }),
  })
  return ok({ revision })
}

/** The first revision of a démarche adopted at the opening of the territory, told until now by the démarche itself. */
async function ecrirePremiere(tx: Tx, collectiviteId: string, demarcheId: string): Promise<void> {
  await sql`insert into revision_demarche (collectivite_id, demarche_id, numero, empreinte, modele_id, modele_version, publiee_le)
    select collectivite_id, id, 1, empreinte, modele_id, modele_version, modifiee_le from demarche
    where collectivite_id = ${collectiviteId} and id = ${demarcheId} and revision = 1 on conflict do nothing`.execute(tx)
}

/** Which version of which template a démarche follows from now on; none when it follows none. */
async function noterAdoption(
  tx: Tx,
  now: Date,
  collectiviteId: string,
  demarcheId: string,
  origine: { readonly id: string; readonly version: number } | null,
): Promise<void> {
  await sql`delete from adoption where adoptant_id = ${collectiviteId} and demarche_id = ${demarcheId}`.execute(tx)
  if (origine)
    await sql`insert into adoption (modele_id, adoptant_id, demarche_id, version, le)
      values (${origine.id}, ${collectiviteId}, ${demarcheId}, ${origine.version}, ${now})`.execute(tx)
}

/** Opens a démarche to residents, or closes it: drafts and dossiers stay. Refuses one never published. */
export async function ouvrirOuFermer(app: App, tx: Tx, atelier: Atelier, estOuverte: boolean): Promise<Result<void>> {
  const { collectiviteId, demarcheId, agentId } = atelier
  const published = await demarche(tx, collectiviteId, demarcheId)
  if (!published) return refuse(refusals.copie_absente)
  if (published.revision === 0) return refuse(refusals.jamais_publiee)
  await sql`update demarche set est_ouverte = ${estOuverte}
    where collectivite_id = ${collectiviteId} and id = ${demarcheId}`.execute(tx)
  await announceChange(tx, collectiviteId)
  await record(tx, collectiviteId, app.clock.now(), {
    acteur: `agent:${agentId}`,
    action: estOuverte ? 'demarche.ouvrir' : 'demarche.fermer',
    objet: `demarche:${demarcheId}`,
    empreinte: payloadHash({ estOuverte }),
  })
  return ok(undefined)
}
