import { sql } from 'kysely'
import { announceChange } from '../../../platform/db/notices.ts'
import { inScope } from '../../../platform/db/open.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { adopter } from '../commands/adopter.ts'
import { versionDuModele } from '../queries/catalogue.ts'

/** The job that gives a template to every commune that does not have it. */
export const DIFFUSER = 'diffuser-modele'

/** Gives a version of a template to every open commune, all or none; those that have the démarche already keep theirs, so doing it again changes nothing. */
export const diffuser: JobHandler = async (app, payload) => {
  const { modeleId, version, agentId } = payload as { modeleId: string; version: number; agentId: string }
  await inScope(app.db, {}, async tx => {
    await sql`set local statement_timeout = '120s'`.execute(tx)
    const found = await versionDuModele(tx, modeleId, version)
    if (!found) return
    const { rows } = await sql<{ id: string }>`select id from collectivite where nature = 'commune' and fermee_le is null
      and not exists (select from adoption a where a.adoptant_id = collectivite.id and a.modele_id = ${modeleId}) order by id`.execute(tx)
    const { empreinte } = found
    await adopter(
      tx,
      app.clock,
      rows.map(({ id }) => ({ collectiviteId: id, modeleId, version, empreinte })),
      { par: agentId },
    )
    await announceChange(tx, '*')
  })
}
