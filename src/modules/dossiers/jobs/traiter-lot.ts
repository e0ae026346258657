import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { DatabaseUnavailable, inTenant } from '../../../platform/db/open.ts'
import type { ActingAgent } from '../../../platform/http/route.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { type Refusal, type Result, refuse } from '../../../platform/refusal.ts'
import { agentAgissant } from '../../agents/index.ts'
import { type Collectivite, collectiviteParId } from '../../territoire/index.ts'
import { defaireActe, faireActe } from '../commands/acte-de-lot.ts'
import type { Cas } from '../commands/instruire.ts'
import { mettreAuTravail } from '../commands/lot.ts'
import { type Parametres, REGLES } from '../lots/actes.ts'
import { casDuDossier } from '../queries/cas.ts'
import { lotParId, prochains } from '../queries/lots.ts'
import { estDansLaPortee } from '../queries/portee.ts'
import { refusals } from '../refusals.ts'
import type { LotDossierRow, LotRow } from '../tables.ts'
import { archiverLot, exporterLot } from './fichier-de-lot.ts'

// Between two looks at whether the agent stopped it, or the program closes.
const PAR_FOIS = 20
// The journal lets one of them write at a time; the others read meanwhile.
const ENSEMBLE = 4

/** Works on one batch to its end. Killed midway and run again, it goes on where it was: each dossier is done once. */
export const traiterLot: JobHandler = async (app, payload, stopping) => {
  const collectivite = await collectiviteParId(app, String(payload.collectiviteId))
  const lot = await inTenant(app.db, collectivite.id, tx => lotParId(tx, collectivite.id, String(payload.lotId)))
  if (!lot?.lance_le || lot.fini_le) return
  // The rights are those of the moment of the act: roles may have changed since it was asked for.
  const agent = await agentAgissant(app, collectivite.id, lot.agent_id)
  const travail = { app, collectivite, lot, agent, stopping }
  if (lot.acte === 'exporter') await exporterLot(travail)
  else if (lot.acte === 'archiver') await archiverLot(travail)
  else await agirSurChacun(travail, { ...lot, acte: lot.acte })
}

/** What a job on a batch needs. */
export interface Travail {
  readonly app: App
  readonly collectivite: Collectivite
  readonly lot: LotRow
  readonly agent: ActingAgent | undefined
  readonly stopping?: AbortSignal | undefined
}

type LotDActes = LotRow & { readonly acte: Exclude<LotRow['acte'], 'exporter' | 'archiver'> }

async function agirSurChacun({ app, collectivite, agent, stopping }: Travail, lot: LotDActes): Promise<void> {
  for (;;) {
    const ids = await inTenant(app.db, collectivite.id, tx => prochains(tx, collectivite.id, lot.id, PAR_FOIS))
    if (ids.length === 0) break
    const one = async () => {
      for (let id = ids.shift(); id; id = ids.shift()) await agirSurUn(app, collectivite, lot, agent, id)
    }
    await Promise.all(Array.from({ length: ENSEMBLE }, one))
    if (stopping?.aborted) return inTenant(app.db, collectivite.id, tx => mettreAuTravail(tx, collectivite.id, lot.id))
  }
  await inTenant(app.db, collectivite.id, tx =>
    sql`update lot set fini_le = ${app.clock.now()} where collectivite_id = ${collectivite.id} and id = ${lot.id} and fini_le is null`.execute(
      tx,
    ),
  )
}

class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/** One dossier, in one transaction with the line that says it is done. A refusal undoes it, and is written apart. */
async function agirSurUn(
  app: App,
  collectivite: Collectivite,
  lot: LotDActes,
  agent: ActingAgent | undefined,
  dossierId: string,
): Promise<void> {
  try {
    await inTenant(app.db, collectivite.id, async tx => {
      const { rows } = await sql<LotDossierRow>`select dossier_id, version, etat, motif, avant, apres from lot_dossier
        where collectivite_id = ${collectivite.id} and lot_id = ${lot.id} and dossier_id = ${dossierId} and etat = 'attente' for update`.execute(
        tx,
      )
      const ligne = rows[0]
      // Done by a twin of this job, or the dossier was erased.
      if (!ligne) return
      const cas = await casDuDossier(app, tx, collectivite, dossierId, { nature: 'agent', id: lot.agent_id, canal: 'web' }, true)
      const done = await faire(cas, lot, agent, ligne)
      if (!done.ok) throw new Refused(done.refusal)
      const avant = done.value.avant ?? ligne.avant
      await sql`update lot_dossier set etat = 'fait', apres = ${done.value.rang}, avant = ${avant === null ? null : JSON.stringify(avant)}
        where collectivite_id = ${collectivite.id} and lot_id = ${lot.id} and dossier_id = ${dossierId}`.execute(tx)
    })
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    if (!(error instanceof Refused)) app.log.error({ err: error, lot: lot.id, dossier: dossierId }, 'un dossier d’un lot a échoué')
    const motif =
      error instanceof Refused
        ? error.refusal.sentence
        : 'Une erreur de notre part a empêché de le faire. Ouvrez ce dossier et recommencez.'
    await inTenant(app.db, collectivite.id, tx =>
      sql`update lot_dossier set etat = 'refuse', motif = ${motif}
        where collectivite_id = ${collectivite.id} and lot_id = ${lot.id} and dossier_id = ${dossierId} and etat = 'attente'`.execute(tx),
    )
  }
}

async function faire(
  cas: Cas | undefined,
  lot: LotDActes,
  agent: ActingAgent | undefined,
  ligne: LotDossierRow,
): Promise<Result<{ readonly rang: number; readonly avant?: LotDossierRow['avant'] }>> {
  if (!agent?.permissions.has(REGLES[lot.acte].permission)) return refuse(refusals.lot_interdit)
  if (!cas || !estDansLaPortee(agent.portee, cas.dossier)) return refuse(refusals.lot_hors_portee)
  if (cas.dossier.version !== ligne.version) return refuse(refusals.lot_dossier_change)
  const parametres = lot.parametres as Parametres
  return lot.defait_id ? defaireActe(cas, lot.acte, parametres, ligne.avant ?? {}) : faireActe(cas, lot.acte, parametres)
}
