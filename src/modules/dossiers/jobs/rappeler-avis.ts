import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { type Collectivite, collectiviteParId, fuseau } from '../../territoire/index.ts'
import { PAR_LA_LOI } from '../commands/advance.ts'
import { estRelancable, rappelerAvis } from '../commands/avis-externe.ts'
import { avisDuDossier } from '../queries/avis-externe.ts'
import { casDuDossier } from '../queries/cas.ts'

/**
 * Every morning: reminds whoever has not given an opinion, as many days before its deadline as the agent chose, once each. Who was asked, or
 * reminded by an agent, since that day has not forgotten. Days when the machine was off are caught up, until the deadline. A dossier that fails stops no other; the
 * job is then tried again.
 */
export const rappelerLesAvis: JobHandler = async app => {
  const { rows } = await sql<{ id: string }>`select id from collectivite where fermee_le is null order by id`.execute(app.db.kysely)
  const failures: unknown[] = []
  for (const { id } of rows) {
    const collectivite = await collectiviteParId(app, id)
    for (const due of await attendus(app, collectivite)) await rappeler(app, collectivite, due).catch(error => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, `rappels: ${failures.length} avis à reprendre`)
}

interface Attendu {
  readonly id: string
  readonly dossier_id: string
}

function attendus(app: App, collectivite: Collectivite): Promise<Attendu[]> {
  const { id } = collectivite
  const zone = fuseau(collectivite)
  const today = civilDay(app.clock.now(), zone)
  return inTenant(app.db, id, async tx => {
    const { rows } = await sql<Attendu>`select id, dossier_id from demande_avis
      where collectivite_id = ${id} and rendue_le is null and retiree_le is null and rappel_jours is not null and rappelee_le is null
        and echeance >= ${today}::date and echeance - rappel_jours <= ${today}::date
        and (greatest(demandee_le, relancee_le) at time zone ${zone})::date < echeance - rappel_jours
      order by echeance, id limit 1000`.execute(tx)
    return rows
  })
}

// The dossier is held while it is written to, and no other: an agent who works meanwhile waits for none.
const rappeler = (app: App, collectivite: Collectivite, due: Attendu): Promise<void> =>
  inTenant(app.db, collectivite.id, async tx => {
    const cas = await casDuDossier(app, tx, collectivite, due.dossier_id, PAR_LA_LOI, true)
    const avis = cas && (await avisDuDossier(tx, collectivite.id, due.dossier_id)).find(({ id }) => id === due.id)
    if (cas && avis && avis.rappelee_le === null && estRelancable(cas.dossier, avis)) {
      const done = await rappelerAvis(cas, avis)
      if (!done.ok) throw new Error(`avis ${avis.id}: ${done.refusal.code}`)
    }
  })
