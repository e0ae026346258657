import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { equipe } from '../../agents/index.ts'
import { programmes } from '../../dossiers/index.ts'
import { envoyer } from '../../envois/index.ts'
import { type Collectivite, collectiviteParId } from '../../territoire/index.ts'
import { type Annonce, apresEchec, DELAI_MS } from '../abonnement.ts'
import { reveiller } from '../commands/abonnements.ts'
import { porteeDuProgramme } from '../jeton.ts'
import { abonnementParId } from '../queries/abonnements.ts'
import { servicesReserves } from '../queries/jetons.ts'
import type { AbonnementRow } from '../tables.ts'
import { type Essai, envoyerAnnonce, noterEssai } from './envoyer-annonce.ts'

/** A turn ends here, so that ten subscriptions that have much to receive do not keep the others waiting. */
const TOUR_MS = 30_000
const PAGE = 50
/** Longer than an exchange and its writing: past it, whoever delivered is dead. */
const BAIL_MS = DELAI_MS + 50_000

interface Tour {
  readonly app: App
  readonly collectivite: Collectivite
  readonly id: string
  /** Whoever holds it delivers, alone. */
  readonly bail: string
  readonly stopping: AbortSignal | undefined
}

/**
 * Delivers to one subscription what happened since its place, in order, one at a time: the place moves once the target has answered 2xx, in the
 * transaction that logs it. A crash between the two sends the same again, under the same key: at least once.
 */
export const remettreAuxAbonnes: JobHandler = async (app, payload, stopping) => {
  const collectivite = await collectiviteParId(app, String(payload.collectiviteId))
  const tour: Tour = { app, collectivite, id: String(payload.abonnementId), bail: newId(), stopping }
  const started = performance.now()
  if (!(await prendreLeBail(tour))) return
  let suite: 'rien' | 'encore' | Date | 'fini'
  do suite = await remettreLaSuite(tour)
  while (suite === 'encore' && performance.now() - started < TOUR_MS && !stopping?.aborted)
  if (suite === 'fini') return
  await inTenant(app.db, collectivite.id, async tx => {
    await rendreLeBail(tx, tour)
    if (suite !== 'rien') await reveiller(tx, collectivite.id, tour.id, suite instanceof Date ? suite : undefined)
  })
  // What was committed while the turn was ending found the place taken: it is looked for once more.
  if (suite === 'rien' && (await aUneSuite(tour))) await inTenant(app.db, collectivite.id, tx => reveiller(tx, collectivite.id, tour.id))
}

const dans = <T>({ app, collectivite }: Tour, work: (tx: Tx) => Promise<T>) => inTenant(app.db, collectivite.id, work)

// Too early: the job comes back at the hour. Held by another: it comes back when that one must have finished, in case it died.
async function prendreLeBail(tour: Tour): Promise<boolean> {
  const { app, collectivite, id, bail } = tour
  const now = app.clock.now()
  return dans(tour, async tx => {
    const { rows } = await sql`update abonnement set bail = ${bail}, bail_jusqu_a = ${new Date(now.getTime() + BAIL_MS)}
      where collectivite_id = ${collectivite.id} and id = ${id} and en_pause_le is null and supprime_le is null
        and (prochain_le is null or prochain_le <= ${now}) and (bail is null or bail_jusqu_a < ${now}) returning id`.execute(tx)
    if (rows.length > 0) return true
    const waits = await sql<{
      quand: Date | null
    }>`select greatest(prochain_le, case when bail is not null then bail_jusqu_a end) as quand from abonnement
      where collectivite_id = ${collectivite.id} and id = ${id} and en_pause_le is null and supprime_le is null`.execute(tx)
    const when = waits.rows[0]?.quand
    if (when) await reveiller(tx, collectivite.id, id, when)
    return false
  })
}

const rendreLeBail = (tx: Tx, { collectivite, id, bail }: Tour) =>
  sql`update abonnement set bail = null, bail_jusqu_a = null where collectivite_id = ${collectivite.id} and id = ${id} and bail = ${bail}`.execute(
    tx,
  )

async function suiteDe(tour: Tour, limite: number) {
  return dans(tour, async tx => {
    const row = await abonnementParId(tx, tour.collectivite.id, tour.id)
    if (!row || row.en_pause_le) return undefined
    const portee = porteeDuProgramme(
      { demarches: row.demarches, voitReserves: row.voit_reserves },
      row.voit_reserves ? [] : await servicesReserves(tx, tour.collectivite.id),
    )
    const found = await programmes.changementsDepuis(tx, tour.collectivite.id, {
      apres: row.curseur,
      limite,
      portee,
      natures: row.natures,
    })
    return { row, ...found }
  })
}

const aUneSuite = async (tour: Tour): Promise<boolean> => {
  const suite = await suiteDe(tour, 1)
  return suite !== undefined && suite.curseur > suite.row.curseur
}

/** One page of what waits. `encore`: more may wait; a date: not before; `fini`: somebody else has the turn, or nothing is to be delivered any more. */
async function remettreLaSuite(tour: Tour): Promise<'rien' | 'encore' | Date | 'fini'> {
  const suite = await suiteDe(tour, PAGE)
  if (!suite) return 'fini'
  const { row, changements, curseur, fin } = suite
  for (const changement of changements) {
    const annonce: Annonce = {
      livraison: `${row.id}.${changement.sequence}`,
      evenement: changement.nature,
      collectivite: tour.collectivite.chemin,
      demarche: changement.demarche,
      dossier: changement.dossier,
      sequence: changement.sequence,
      le: changement.le.toISOString(),
    }
    const essai = await envoyerAnnonce(tour.app, tour.collectivite.id, row, annonce, tour.stopping)
    if (!essai) return 'fini'
    const next = essai.estRemise
      ? await avancer(tour, changement.sequence, { annonce, essai })
      : await noterEchec(tour, row, annonce, essai)
    if (next !== 'encore') return next
  }
  const last = changements.at(-1)?.sequence ?? row.curseur
  if (curseur > last && (await avancer(tour, curseur)) === 'fini') return 'fini'
  return fin ? 'rien' : 'encore'
}

async function avancer(tour: Tour, sequence: number, fait?: { annonce: Annonce; essai: Essai }): Promise<'encore' | 'fini'> {
  const { app, collectivite, id, bail } = tour
  return dans(tour, async tx => {
    const { rows } = await sql`update abonnement set curseur = ${sequence}, echecs = 0, echoue_depuis = null, prochain_le = null,
        bail_jusqu_a = ${new Date(app.clock.now().getTime() + BAIL_MS)}
      where collectivite_id = ${collectivite.id} and id = ${id} and bail = ${bail} returning id`.execute(tx)
    if (fait) await noterEssai(tx, collectivite.id, id, fait.annonce, fait.essai)
    return rows.length > 0 ? 'encore' : 'fini'
  })
}

async function noterEchec(tour: Tour, row: AbonnementRow, annonce: Annonce, essai: Essai): Promise<Date | 'fini'> {
  const { app, collectivite, id, bail } = tour
  const now = app.clock.now()
  // The first failure is told by the page read before the exchange, unless others came in this turn: a turn ends at its first one.
  const depuis = row.echoue_depuis ?? now
  const next = apresEchec(row.echecs + 1, depuis, now)
  return dans(tour, async tx => {
    await noterEssai(tx, collectivite.id, id, annonce, essai)
    const paused = next === 'pause'
    const { rows } = await sql`update abonnement set echecs = echecs + 1, echoue_depuis = ${depuis}, prochain_le = ${paused ? null : next},
        en_pause_le = ${paused ? now : null} where collectivite_id = ${collectivite.id} and id = ${id} and bail = ${bail} returning id`.execute(
      tx,
    )
    if (rows.length === 0) return 'fini'
    if (!paused) return next
    await rendreLeBail(tx, tour)
    await prevenir(tx, tour, row, now)
    return 'fini'
  })
}

// Who made it when they still work here, else those who manage the settings.
async function prevenir(tx: Tx, { app, collectivite }: Tour, row: AbonnementRow, now: Date): Promise<void> {
  const team = (await equipe(tx, collectivite.id, now)).filter(({ roles }) => roles.length > 0)
  const maker = team.filter(({ id }) => id === row.cree_par)
  const told = maker.length > 0 ? maker : team.filter(({ roles }) => roles.includes('administrateur')).slice(0, 5)
  for (const { id, courriel } of told) {
    await envoyer(tx, app, {
      collectiviteId: collectivite.id,
      cle: `webhook-pause|${row.id}|${now.getTime()}|${id}`,
      destinataire: courriel,
      sujet: `Webhook en pause\u00a0: ${row.nom}`,
      titre: 'Un logiciel ne répond plus',
      paragraphes: [
        `L’adresse de l’abonnement «\u00a0${row.nom}\u00a0» ne répond plus depuis un jour. Parvis a cessé de l’appeler.`,
        'Rien n’est perdu\u00a0: quand le logiciel répondra de nouveau, reprenez l’abonnement, et tout lui sera remis dans l’ordre.',
        { lien: { texte: 'Voir l’abonnement', href: `${collectivite.address}/agent/webhooks/${row.id}` } },
      ],
    })
  }
}
