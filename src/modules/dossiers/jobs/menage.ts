import { sql } from 'kysely'
import { sweepSessions } from '../../../platform/auth/sessions.ts'
import { forgetErasures } from '../../../platform/backup/erasures.ts'
import { inScope, inTenant } from '../../../platform/db/open.ts'
import { sweepOrphans } from '../../../platform/files/index.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { effacerBrouillon } from '../commands/essai.ts'
import { dossierParId } from '../queries/dossier.ts'
import { entretenirComptes } from './comptes.ts'

const DAY_MS = 86_400_000

/**
 * Every night: the trials of the day before go, with their documents; sessions, one-time links, prefilled links, counters and form keys past
 * their time; accounts that nobody uses. What becomes of drafts and dossiers is `conserver`.
 */
export const menage: JobHandler = async app => {
  const now = app.clock.now()
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
  await inScope(app.db, {}, async tx => {
    await sweepSessions(tx, now)
    await sql`delete from lien_connexion where expire_le < ${ago(1)}`.execute(tx)
    await sql`delete from tentative where depuis < ${ago(1)}`.execute(tx)
    await forgetErasures(tx, undefined, now)
  })
  const { rows } = await sql<{ id: string }>`select id from collectivite`.execute(app.db.kysely)
  for (const { id: collectiviteId } of rows) {
    await inTenant(app.db, collectiviteId, async tx => {
      await forgetErasures(tx, collectiviteId, now)
      await sql`delete from cle_idempotence where collectivite_id = ${collectiviteId} and creee_le < ${ago(7)}`.execute(tx)
      await sql`delete from pre_remplissage where collectivite_id = ${collectiviteId} and expire_le < ${now}`.execute(tx)
      await sql`delete from vue where collectivite_id = ${collectiviteId} and supprimee_le < ${ago(30)}`.execute(tx)
      // What was prepared and never started, then what is old; a file goes before, at its own hour.
      await sql`delete from lot where collectivite_id = ${collectiviteId} and fichier_id is null
        and ((lance_le is null and cree_le < ${ago(1)}) or (fini_le is not null and cree_le < ${ago(30)}))`.execute(tx)
      const drafts = await sql<{
        id: string
      }>`select id from dossier where collectivite_id = ${collectiviteId} and etat = 'brouillon'
        and essai and modifie_le < ${ago(1)}`.execute(tx)
      for (const { id } of drafts.rows) {
        const dossier = await dossierParId(tx, collectiviteId, id, true)
        if (dossier) await effacerBrouillon(tx, collectiviteId, dossier)
      }
    })
  }
  await entretenirComptes(app)
  await sweepOrphans(app.files, app.db)
}
