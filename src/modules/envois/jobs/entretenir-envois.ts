import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inEachTenant } from '../../../platform/db/tenants.ts'
import { mettreEnFile } from '../commands/envoyer.ts'
import { CONSERVATION_MOIS } from '../envoi.ts'

/**
 * Every day: erases the messages older than 6 months, and puts back in the queue those that have waited for four days, longer than
 * all the tries take: their job was lost by an accident that was not the mail server's. May be repeated.
 */
export async function entretenirEnvois(app: App): Promise<void> {
  const now = app.clock.now()
  await inEachTenant(app.db, async (tx, collectiviteId) => {
    await sql`delete from envoi where collectivite_id = ${collectiviteId}
      and cree_le < ${now}::timestamptz - make_interval(months => ${CONSERVATION_MOIS})`.execute(tx)
    const { rows } = await sql<{ id: string }>`select id from envoi where collectivite_id = ${collectiviteId} and etat = 'a_remettre'
      and cree_le < ${now}::timestamptz - interval '4 days'`.execute(tx)
    for (const { id } of rows) await mettreEnFile(tx, collectiviteId, id)
  })
}
