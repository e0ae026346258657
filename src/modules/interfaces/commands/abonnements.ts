import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { isAllowedUrl, type Reach } from '../../../platform/http-out/call.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs/jobs.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { programmes } from '../../dossiers/index.ts'
import { nouveauSecret, REJEU_JOURS, ROTATION_MS, sceller } from '../abonnement.ts'
import { abonnementsDe } from '../queries/abonnements.ts'
import { refusals } from '../refusals.ts'

/** What is asked of a subscription. Null: all. */
export interface AbonnementDemande {
  readonly nom: string
  readonly url: string
  readonly demarches: readonly string[] | null
  readonly natures: readonly string[] | null
  readonly voitReserves: boolean
}

/** Which subscription, and which agent acts. */
export interface Sur {
  readonly collectiviteId: string
  readonly id: string
  readonly par: string
}

const ABONNEMENTS_MAX = 20
const DAY_MS = 86_400_000

/** Where deliveries may go: a demonstration may call this machine, on which it runs; a service never. */
export const portee = (app: App): Reach => (app.config.demonstration ? 'demonstration' : 'internet')

const noter = (tx: Tx, app: App, { collectiviteId, id, par }: Sur, action: string, payload: unknown) =>
  record(tx, collectiviteId, app.clock.now(), {
    acteur: `agent:${par}`,
    action: `webhook.${action}`,
    objet: `webhook:${id}`,
    empreinte: payloadHash(payload),
  })

/** Puts the job that delivers what waits for a subscription; at most one waits at a time. */
export const reveiller = (tx: Tx, collectiviteId: string, id: string, runAt?: Date): Promise<void> =>
  enqueue(tx, 'remettre-aux-abonnes', { collectiviteId, abonnementId: id }, { jobKey: `webhook|${id}`, runAt })

/** Subscribes an address to what happens from now on. Gives the id. Refuses no name, an address that is not https or that is internal, nothing chosen. */
export async function creerAbonnement(
  tx: Tx,
  app: App,
  { collectiviteId, par }: Omit<Sur, 'id'>,
  demande: AbonnementDemande,
): Promise<Result<string>> {
  const problem = examiner(app, demande)
  if (problem) return refuse(problem)
  if ((await abonnementsDe(tx, collectiviteId)).length >= ABONNEMENTS_MAX) return refuse(refusals.trop_abonnements)
  const id = newId()
  const now = app.clock.now()
  const { nom, url, demarches, natures, voitReserves } = demande
  const curseur = await programmes.tetePour(tx, collectiviteId)
  await sql`insert into abonnement (collectivite_id, id, nom, url, demarches, natures, voit_reserves, secret, secret_fait_le, secret_fait_par, curseur, cree_le, cree_par)
    values (${collectiviteId}, ${id}, ${nom}, ${url}, ${demarches && [...demarches]}, ${natures && [...natures]}, ${voitReserves},
      ${sceller(app.secrets, collectiviteId, nouveauSecret())}, ${now}, ${par}, ${curseur}, ${now}, ${par})`.execute(tx)
  await noter(tx, app, { collectiviteId, id, par }, 'creer', demande)
  return ok(id)
}

/** Changes what is asked of a subscription; its secret and its place stay. */
export async function modifierAbonnement(tx: Tx, app: App, sur: Sur, demande: AbonnementDemande): Promise<Result<void>> {
  const problem = examiner(app, demande)
  if (problem) return refuse(problem)
  const { nom, url, demarches, natures, voitReserves } = demande
  await sql`update abonnement set nom = ${nom}, url = ${url}, demarches = ${demarches && [...demarches]}, natures = ${natures && [...natures]},
    voit_reserves = ${voitReserves} where collectivite_id = ${sur.collectiviteId} and id = ${sur.id}`.execute(tx)
  await noter(tx, app, sur, 'modifier', demande)
  return ok(undefined)
}

function examiner(app: App, { nom, url, demarches, natures }: AbonnementDemande) {
  if (nom.length < 2) return { ...refusals.nom_absent, field: 'nom' }
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '')
    return { ...refusals.url_invalide, field: 'url' }
  if (!isAllowedUrl(parsed, portee(app)))
    return parsed.protocol === 'https:' ? { ...refusals.url_interne, field: 'url' } : { ...refusals.url_invalide, field: 'url' }
  if (demarches?.length === 0) return { ...refusals.demarches_absentes, field: 'demarches' }
  if (natures?.length === 0) return { ...refusals.natures_absentes, field: 'natures' }
  return undefined
}

/** A new secret; the former one still signs during a day, beside it. */
export async function renouvelerSecret(tx: Tx, app: App, sur: Sur): Promise<void> {
  const now = app.clock.now()
  await sql`update abonnement set secret_precedent = secret, precedent_jusqu_a = ${new Date(now.getTime() + ROTATION_MS)},
    secret = ${sceller(app.secrets, sur.collectiviteId, nouveauSecret())}, secret_fait_le = ${now}, secret_fait_par = ${sur.par}
    where collectivite_id = ${sur.collectiviteId} and id = ${sur.id}`.execute(tx)
  await noter(tx, app, sur, 'secret', {})
}

/** Stops calling, until someone resumes. */
export async function mettreEnPause(tx: Tx, app: App, sur: Sur): Promise<void> {
  await sql`update abonnement set en_pause_le = coalesce(en_pause_le, ${app.clock.now()}), prochain_le = null, bail = null
    where collectivite_id = ${sur.collectiviteId} and id = ${sur.id}`.execute(tx)
  await noter(tx, app, sur, 'pause', {})
}

/** Calls again, from where it stopped: nothing that happened meanwhile is lost. */
export async function reprendreAbonnement(tx: Tx, app: App, sur: Sur): Promise<void> {
  await sql`update abonnement set en_pause_le = null, echecs = 0, echoue_depuis = null, prochain_le = null
    where collectivite_id = ${sur.collectiviteId} and id = ${sur.id}`.execute(tx)
  await noter(tx, app, sur, 'reprendre', {})
  await reveiller(tx, sur.collectiviteId, sur.id)
}

/**
 * Delivers again from a change of the log, this one included. Whoever delivers now loses its turn. Refuses a number that is not one, that does not exist
 * yet, or a change more than seven days old.
 */
export async function rejouer(tx: Tx, app: App, sur: Sur, sequence: number | null): Promise<Result<void>> {
  if (sequence === null || sequence < 1) return refuse({ ...refusals.rejeu_illisible, field: 'depuis' })
  if (sequence > (await programmes.tetePour(tx, sur.collectiviteId))) return refuse({ ...refusals.rejeu_futur, field: 'depuis' })
  const le = await programmes.instantApres(tx, sur.collectiviteId, sequence - 1)
  if (le && le.getTime() < app.clock.now().getTime() - REJEU_JOURS * DAY_MS)
    return refuse({ ...refusals.rejeu_trop_ancien, field: 'depuis' })
  await sql`update abonnement set curseur = ${sequence - 1}, echecs = 0, echoue_depuis = null, prochain_le = null, bail = null, bail_jusqu_a = null
    where collectivite_id = ${sur.collectiviteId} and id = ${sur.id}`.execute(tx)
  await noter(tx, app, sur, 'rejouer', { sequence })
  await reveiller(tx, sur.collectiviteId, sur.id)
  return ok(undefined)
}

/** Sends one test, whatever waits: its result is in the log. */
export async function essayerAbonnement(tx: Tx, { collectiviteId, id }: Sur): Promise<void> {
  await enqueue(tx, 'essayer-un-abonnement', { collectiviteId, abonnementId: id }, { jobKey: `webhook-essai|${id}`, maxAttempts: 1 })
}

/** Ends a subscription: nothing more leaves. Its log stays its seven days. */
export async function supprimerAbonnement(tx: Tx, app: App, sur: Sur): Promise<void> {
  await sql`update abonnement set supprime_le = coalesce(supprime_le, ${app.clock.now()}), bail = null
    where collectivite_id = ${sur.collectiviteId} and id = ${sur.id}`.execute(tx)
  await noter(tx, app, sur, 'supprimer', {})
}
