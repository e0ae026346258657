import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { modelePublie, traitement } from '../../demarches/index.ts'
import { type Collectivite, collectiviteParId, fuseau } from '../../territoire/index.ts'
import { cacher } from '../commands/cacher.ts'
import { prevenir } from '../commands/prevenir.ts'
import { effacerIdentite } from '../commands/purger.ts'
import { CORBEILLE_JOURS, PREAVIS_JOURS, suiteDe } from '../conservation.ts'
import { brouillonsInactifs, conserve, decides, definitionsDecidees, type Place } from '../queries/conservation.ts'
import { purgerLesCaches } from './purger.ts'
import { enCas, LOT, parLots } from './un-par-un.ts'

const DAY_MS = 86_400_000

/**
 * Every night, in each collectivité (or in one: `collectiviteId`): identity documents of what is decided are cleared; whoever asked is told
 * that their dossier is about to go; what has been kept long enough is hidden, then erased. Each dossier in its own transaction, locked and
 * computed again at that moment: interrupted, it goes on where it was; run twice, the second finds nothing. A dossier that fails stops no
 * other; the job is then tried again.
 */
export const conserver: JobHandler = async (app, payload) => {
  const { rows } = await sql<{ id: string }>`select id from collectivite order by id`.execute(app.db.kysely)
  const failures: unknown[] = []
  for (const { id } of rows) {
    if (payload.collectiviteId !== undefined && payload.collectiviteId !== id) continue
    const collectivite = await collectiviteParId(app, id)
    await parLots(
      last => inTenant(app.db, id, tx => brouillonsInactifs(tx, id, mois(app, traitement.BROUILLON_MOIS), LOT, last)),
      place => avancer(app, collectivite, place.id).catch(error => failures.push(error)),
    )
    failures.push(...(await lesDecides(app, collectivite)))
    failures.push(...(await purgerLesCaches(app, collectivite, new Date(app.clock.now().getTime() - (CORBEILLE_JOURS - 1) * DAY_MS))))
  }
  if (failures.length > 0) throw new AggregateError(failures, `conservation: ${failures.length} dossiers à reprendre`)
}

// Too many rather than too few: zones of the country are half a day apart, and each dossier is looked at again by days of its place.
const mois = (app: App, months: number) => {
  const limit = new Date(app.clock.now().getTime() + (PREAVIS_JOURS + 1) * DAY_MS)
  limit.setUTCMonth(limit.getUTCMonth() - months)
  return limit
}

async function lesDecides(app: App, collectivite: Collectivite): Promise<unknown[]> {
  const { id } = collectivite
  const failures: unknown[] = []
  for (const definition of await inTenant(app.db, id, tx => definitionsDecidees(tx, id, app.clock.now()))) {
    const declare = traitement.traitementDe(await modelePublie(app.db.kysely, definition))
    const read = (identite: boolean, avant: Date) => (last: Place | undefined) =>
      inTenant(app.db, id, tx => decides(tx, id, { definition, avant, identite }, LOT, last))
    if (declare.piecesDIdentite.length > 0)
      await parLots(read(true, app.clock.now()), place =>
        identite(app, collectivite, place.id, declare.piecesDIdentite).catch(error => failures.push(error)),
      )
    await parLots(read(false, mois(app, declare.conservationMois)), place =>
      avancer(app, collectivite, place.id).catch(error => failures.push(error)),
    )
  }
  return failures
}

/** Tells or hides one dossier, as its day says. */
const avancer = (app: App, collectivite: Collectivite, dossierId: string): Promise<void> =>
  enCas(app, collectivite, dossierId, async cas => {
    const found = await conserve(cas.tx, collectivite.id, dossierId)
    if (!found) return
    const suite = suiteDe(found, traitement.traitementDe(cas.modele), app.clock.now(), fuseau(collectivite))
    if (suite === 'prevenir') await prevenir(cas, found)
    if (suite === 'cacher') await cacher(cas, 'Fin de la durée de conservation')
  })

async function identite(app: App, collectivite: Collectivite, dossierId: string, champs: readonly string[]): Promise<void> {
  let remove = async () => {}
  await enCas(app, collectivite, dossierId, async cas => {
    remove = await effacerIdentite(cas, champs)
  })
  await remove()
}
