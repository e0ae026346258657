import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { modelePublie } from '../../demarches/index.ts'
import { type Collectivite, collectiviteParId, fuseau } from '../../territoire/index.ts'
import { PAR_LA_LOI } from '../commands/advance.ts'
import { deciderParSilence } from '../commands/silence.ts'
import { casDuDossier } from '../queries/cas.ts'
import { definitionsEchues, dossiersEchus } from '../queries/silence.ts'

const LOT = 200

/**
 * Every hour, since days begin at different hours from Nouméa to Tahiti: takes the decisions that silence has taken, where the démarche
 * says that it decides by itself (sva, svr). Days when the machine was off are caught up. A dossier that fails stops no other, nor does a collectivité; the
 * job is then tried again.
 */
export const deciderParSilenceJob: JobHandler = async app => {
  const { rows } = await sql<{ id: string }>`select id from collectivite where fermee_le is null order by id`.execute(app.db.kysely)
  const failures: unknown[] = []
  for (const { id } of rows) failures.push(...(await decider(app, id).catch(error => [error])))
  if (failures.length > 0) throw new AggregateError(failures, `silence: ${failures.length} dossiers à reprendre`)
}

async function decider(app: App, collectiviteId: string): Promise<unknown[]> {
  const definitions = await inTenant(app.db, collectiviteId, tx => automatiques(app, tx, collectiviteId))
  if (definitions.length === 0) return []
  const collectivite = await collectiviteParId(app, collectiviteId)
  const today = civilDay(app.clock.now(), fuseau(collectivite))
  const failures: unknown[] = []
  let last: { id: string; jour: string } | undefined
  for (;;) {
    const due = await inTenant(app.db, collectiviteId, tx => dossiersEchus(tx, collectiviteId, definitions, today, LOT, last))
    for (const { id } of due) await deciderUn(app, collectivite, id).catch(error => failures.push(error))
    last = due.at(-1)
    if (due.length < LOT) return failures
  }
}

/** Definitions that have something due, of a regime in which silence decides by itself. The earliest zone of the country reads a day ahead: too many, never too few. */
async function automatiques(app: App, tx: Tx, collectiviteId: string): Promise<string[]> {
  const found: string[] = []
  for (const definition of await definitionsEchues(tx, collectiviteId, civilDay(app.clock.now(), 'Pacific/Wallis'))) {
    const { regime } = await modelePublie(tx, definition)
    if (regime === 'sva' || regime === 'svr') found.push(definition)
  }
  return found
}

// The dossier is locked and its day computed again: two workers at once, or an agent who answers meanwhile, decide once.
const deciderUn = (app: App, collectivite: Collectivite, id: string) =>
  inTenant(app.db, collectivite.id, async tx => {
    const cas = await casDuDossier(app, tx, collectivite, id, PAR_LA_LOI, true)
    if (!cas || (cas.modele.regime !== 'sva' && cas.modele.regime !== 'svr')) return
    await deciderParSilence(cas)
  })
