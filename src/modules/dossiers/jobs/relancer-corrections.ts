import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { dates } from '../../formulaires/index.ts'
import { type Collectivite, collectiviteParId, fuseau } from '../../territoire/index.ts'
import { PAR_LA_LOI } from '../commands/advance.ts'
import { ecrireSurLeDossier } from '../commands/ecrire-au-demandeur.ts'
import { casDuDossier } from '../queries/cas.ts'
import { aRevoir } from '../queries/redaction.ts'
import type { CorrectionRow } from '../tables.ts'

/** Days before the end of a correction at which the person is reminded, and since when it must have been asked. */
const AVANT_JOURS = 3

type Attendue = Pick<CorrectionRow, 'id' | 'champs' | 'echeance'> & { dossier_id: string }

/**
 * Every morning: reminds whoever has three days left to answer a correction, once each; who was asked less than three days ago has not forgotten.
 * Days when the machine was off are caught up, as long as the time is not over. A dossier that fails stops no other; the job is then tried again.
 */
export const relancerCorrections: JobHandler = async app => {
  const { rows } = await sql<{ id: string }>`select id from collectivite where fermee_le is null order by id`.execute(app.db.kysely)
  const failures: unknown[] = []
  for (const { id } of rows) {
    const collectivite = await collectiviteParId(app, id)
    for (const due of await attendues(app, collectivite)) await relancer(app, collectivite, due).catch(error => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, `relances: ${failures.length} corrections à reprendre`)
}

function attendues(app: App, collectivite: Collectivite): Promise<Attendue[]> {
  const { id } = collectivite
  const now = app.clock.now()
  const today = civilDay(now, fuseau(collectivite))
  return inTenant(app.db, id, async tx => {
    const { rows } = await sql<Attendue>`select id, champs, echeance, dossier_id from correction
      where collectivite_id = ${id} and repondue_le is null and echeance >= ${today} and echeance <= ${dates.addDays(today, AVANT_JOURS)}
        and demandee_le < ${now}::timestamptz - make_interval(days => ${AVANT_JOURS})`.execute(tx)
    return rows
  })
}

// The dossier is held while it is written to, and no other: an agent who works meanwhile waits for none.
const relancer = (app: App, collectivite: Collectivite, { id, champs, echeance, dossier_id }: Attendue): Promise<void> =>
  inTenant(app.db, collectivite.id, async tx => {
    const cas = await casDuDossier(app, tx, collectivite, dossier_id, PAR_LA_LOI, true)
    if (!cas?.dossier.correction_en_attente || cas.dossier.cache_le) return
    await ecrireSurLeDossier(cas, `relance|${id}`, {
      usage: 'message.relance_correction',
      faits: { date_limite: dates.longDate(echeance), ...aRevoir(cas, champs) },
      lien: 'Compléter ma demande',
    })
  })
