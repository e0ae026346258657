import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { type Demarche, edition, type Modele } from '../../demarches/index.ts'
import { dossierParId } from '../queries/dossier.ts'
import type { DossierRow, Report } from '../tables.ts'

/**
 * Carries a draft over to the present revision of its démarche: answers stay by the stable ids of questions; what has no place any more is put
 * apart, and comes back if the question does. What changed is kept with the draft until its person has read it. Gives the draft as it is now.
 */
export async function reporterBrouillon(
  app: App,
  tx: Tx,
  collectiviteId: string,
  read: DossierRow,
  ancien: Modele,
  offre: Demarche,
): Promise<DossierRow> {
  // A page that shows a draft does not hold it: another tab may have saved answers, or carried it over, since it was read.
  const dossier = (await dossierParId(tx, collectiviteId, read.id, true)) ?? read
  if (dossier.etat !== 'brouillon' || dossier.revision !== read.revision) return dossier
  const carried = edition.reporter(ancien, offre.modele, dossier.reponses)
  const restored = edition.restaurer(offre.modele, carried.reponses, dossier.report?.ecartees ?? [])
  const found: Report = {
    changements: [...new Set([...(dossier.report?.changements ?? []), ...carried.changements])],
    ecartees: [...restored.ecartees, ...carried.ecartees],
  }
  const report = found.changements.length + found.ecartees.length > 0 ? found : null
  await sql`update dossier set revision = ${offre.revision}, definition = ${offre.definition}, reponses = ${JSON.stringify(restored.reponses)},
      report = ${report && JSON.stringify(report)}, modifie_le = ${app.clock.now()}
    where collectivite_id = ${collectiviteId} and id = ${dossier.id} and etat = 'brouillon' and revision = ${dossier.revision}`.execute(tx)
  return { ...dossier, revision: offre.revision, definition: offre.definition, reponses: restored.reponses, report }
}

/** The person has read what changed: only the answers put apart stay, in case their questions come back. */
export async function noterChangementsLus(tx: Tx, collectiviteId: string, dossier: DossierRow): Promise<void> {
  const ecartees = dossier.report?.ecartees ?? []
  const report = ecartees.length > 0 ? JSON.stringify({ changements: [], ecartees }) : null
  await sql`update dossier set report = ${report} where collectivite_id = ${collectiviteId} and id = ${dossier.id} and etat = 'brouillon'`.execute(
    tx,
  )
}
