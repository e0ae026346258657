import { sql } from 'kysely'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { type FormatDExport, LIGNES_IMMEDIATES, VALIDITE_HEURES } from '../exports/format.ts'
import type { Choix } from '../recherche/choix.ts'
import { refusals } from '../refusals.ts'
import { type Demandeur, mettreAuTravail } from './lot.ts'

/**
 * Asks for an export of `total` dossiers (counted up to LIGNES_IMMEDIATES + 1). A short one is ready at once: it is read when it is downloaded. A long one is a
 * job. Refuses an empty list, and no column. Gives the id of its batch.
 */
export async function demanderExport(
  { app, tx, collectiviteId, agent }: Demandeur,
  choix: Choix,
  format: FormatDExport,
  total: number,
): Promise<Result<string>> {
  if (format.colonnes.length === 0) return refuse({ ...refusals.export_colonnes, field: 'col' })
  if (total === 0) return refuse(refusals.export_vide)
  const id = newId()
  const now = app.clock.now()
  const isShort = total <= LIGNES_IMMEDIATES
  await sql`insert into lot (collectivite_id, id, agent_id, acte, parametres, cree_le, lance_le, fini_le, total, expire_le)
    values (${collectiviteId}, ${id}, ${agent.id}, 'exporter', ${JSON.stringify({ choix, format })}, ${now}, ${now}, ${isShort ? now : null},
      ${isShort ? total : null}, ${isShort ? new Date(now.getTime() + VALIDITE_HEURES * 3_600_000) : null})`.execute(tx)
  if (!isShort) await mettreAuTravail(tx, collectiviteId, id)
  return ok(id)
}

const MODELES_AU_PLUS = 30

/** Keeps an export under a name; an agent's own of the same name is replaced. Refuses an empty name, no column, and one too many. */
export async function garderModele(
  { app, tx, collectiviteId, agent }: Demandeur,
  modele: { readonly nom: string; readonly estPartage: boolean; readonly choix: Choix; readonly format: FormatDExport },
): Promise<Result<string>> {
  if (modele.nom === '') return refuse({ ...refusals.modele_nom, field: 'nom' })
  if (modele.format.colonnes.length === 0) return refuse({ ...refusals.export_colonnes, field: 'col' })
  const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n from modele_export
    where collectivite_id = ${collectiviteId} and agent_id = ${agent.id} and nom <> ${modele.nom}`.execute(tx)
  if (counted[0]!.n >= MODELES_AU_PLUS) return refuse(refusals.modeles_trop_nombreux)
  const { rows } = await sql<{
    id: string
  }>`insert into modele_export (collectivite_id, id, agent_id, nom, est_partage, choix, format, modifie_le)
    values (${collectiviteId}, ${newId()}, ${agent.id}, ${modele.nom}, ${modele.estPartage}, ${JSON.stringify(modele.choix)}, ${JSON.stringify(modele.format)}, ${app.clock.now()})
    on conflict (collectivite_id, agent_id, nom) do update set est_partage = excluded.est_partage, choix = excluded.choix, format = excluded.format,
      modifie_le = excluded.modifie_le returning id`.execute(tx)
  return ok(rows[0]!.id)
}

/** Deletes one's own; false when there is none of that id. */
export async function supprimerModele({ tx, collectiviteId, agent }: Demandeur, id: string): Promise<boolean> {
  const { numAffectedRows } =
    await sql`delete from modele_export where collectivite_id = ${collectiviteId} and id = ${id} and agent_id = ${agent.id}`.execute(tx)
  return Boolean(numAffectedRows)
}
