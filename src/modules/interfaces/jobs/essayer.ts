import { inTenant } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { collectiviteParId } from '../../territoire/index.ts'
import type { Annonce } from '../abonnement.ts'
import { abonnementParId } from '../queries/abonnements.ts'
import { envoyerAnnonce, noterEssai } from './envoyer-annonce.ts'

/** Sends one test to a subscription, paused or not: it moves nothing but the log. */
export const essayerUnAbonnement: JobHandler = async (app, payload, stopping) => {
  const collectivite = await collectiviteParId(app, String(payload.collectiviteId))
  const id = String(payload.abonnementId)
  const row = await inTenant(app.db, collectivite.id, tx => abonnementParId(tx, collectivite.id, id))
  if (!row) return
  const annonce: Annonce = {
    livraison: newId(),
    evenement: 'essai',
    collectivite: collectivite.chemin,
    demarche: null,
    dossier: null,
    sequence: null,
    le: app.clock.now().toISOString(),
  }
  const essai = await envoyerAnnonce(app, collectivite.id, row, annonce, stopping)
  if (essai) await inTenant(app.db, collectivite.id, tx => noterEssai(tx, collectivite.id, id, annonce, essai))
}
