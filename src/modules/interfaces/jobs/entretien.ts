import { sql } from 'kysely'
import { inTenant } from '../../../platform/db/open.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { REJEU_JOURS } from '../abonnement.ts'
import { reveiller } from '../commands/abonnements.ts'
import { MONTRE_MS } from '../jeton.ts'
import { abonnementsActifs } from '../queries/abonnements.ts'

const DAY_MS = 86_400_000

/**
 * Every hour: the log of deliveries past its seven days, the copies of tokens that nobody came to read, the former secrets past their day; and every
 * subscription looks whether something waits, in case the process that delivered was killed.
 */
export const entretienDesInterfaces: JobHandler = async app => {
  const now = app.clock.now()
  const before = (ms: number) => new Date(now.getTime() - ms)
  const { rows } = await sql<{ id: string }>`select id from collectivite`.execute(app.db.kysely)
  for (const { id: collectiviteId } of rows) {
    await inTenant(app.db, collectiviteId, async tx => {
      await sql`delete from livraison where collectivite_id = ${collectiviteId} and le < ${before(REJEU_JOURS * DAY_MS)}`.execute(tx)
      await sql`update jeton_api set a_montrer = null
        where collectivite_id = ${collectiviteId} and a_montrer is not null and cree_le < ${before(MONTRE_MS)}`.execute(tx)
      await sql`update abonnement set secret_precedent = null, precedent_jusqu_a = null
        where collectivite_id = ${collectiviteId} and precedent_jusqu_a < ${now}`.execute(tx)
      for (const id of await abonnementsActifs(tx, collectiviteId)) await reveiller(tx, collectiviteId, id)
    })
  }
}
