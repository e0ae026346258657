import { sql } from 'kysely'
import { inTenant } from '../../../platform/db/open.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { collectiviteParId } from '../../territoire/index.ts'
import { chiffrer } from '../commands/chiffrer.ts'

/** Every night, after erasures: the figures of each collectivité that has dossiers, or had some. */
export const chiffrerLesDemarches: JobHandler = async (app, payload) => {
  const { rows } = await sql<{ id: string }>`select id from collectivite where fermee_le is null order by id`.execute(app.db.kysely)
  for (const { id } of rows) {
    if (payload.collectiviteId !== undefined && payload.collectiviteId !== id) continue
    const any = await inTenant(app.db, id, tx =>
      sql`select 1 where exists (select from dossier where collectivite_id = ${id}) or exists (select from tombe where collectivite_id = ${id})`.execute(
        tx,
      ),
    )
    if (any.rows.length > 0) await chiffrer(app, await collectiviteParId(app, id))
  }
}
