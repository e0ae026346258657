import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { DatabaseUnavailable, inTenant, type Tx } from '../../../platform/db/open.ts'
import type { Payload } from '../../../platform/jobs/jobs.ts'
import { isPlainAddress, MailFailure } from '../../../platform/mail/message.ts'
import { type Collectivite, collectiviteParId } from '../../territoire/index.ts'
import { apresEchec } from '../envoi.ts'
import type { EnvoiRow } from '../tables.ts'

/**
 * Hands a message to the mail server, once: the row stays locked during the conversation, and is marked as soon as the server acknowledges.
 * A temporary failure is noted, then thrown, so that the worker tries again later; a refusal for good is noted and ends there.
 * If the database goes during the conversation, what the server said is kept here and written when it is back: the message does not leave again.
 * If this process dies between the acknowledgement and our commit, the mailer remembers that it was taken; if it dies before it read the server's
 * word, the message leaves again, with the same Message-ID (RFC 1047).
 */
export async function remettreEnvoi(app: App, payload: Payload, stopping?: AbortSignal): Promise<void> {
  const collectivite = await collectiviteParId(app, String(payload.collectiviteId))
  let issue: Issue | undefined
  try {
    await inTenant(app.db, collectivite.id, async tx => {
      // A slow mail server is waited for longer than the 30 s after which the database closes a silent transaction.
      await sql`set local idle_in_transaction_session_timeout = '3min'`.execute(tx)
      const { rows } = await sql<EnvoiRow>`select id, destinataire, sujet, texte, html, etat, tentatives from envoi
        where collectivite_id = ${collectivite.id} and id = ${String(payload.envoiId)} for update`.execute(tx)
      const envoi = rows[0]
      if (envoi?.etat !== 'a_remettre') return
      issue = await remettre(app, collectivite, envoi)
      await noter(tx, collectivite.id, issue)
    })
  } catch (error) {
    if (!issue || !(error instanceof DatabaseUnavailable)) throw error
    await noterAuRetour(app, collectivite.id, issue, stopping)
  }
  if (issue?.etat === 'remis') app.mailer.forget(issue.id)
  if (issue?.failure) throw issue.failure
}

/** What came of a try, to be written. */
interface Issue {
  readonly id: string
  readonly etat: EnvoiRow['etat']
  readonly tentatives: number
  readonly erreur: string | null
  readonly remisLe: Date | null
  /** To try again after. */
  readonly failure?: MailFailure
}

async function remettre(app: App, collectivite: Collectivite, envoi: EnvoiRow): Promise<Issue> {
  const tentatives = envoi.tentatives + 1
  const replyTo = collectivite.reglage.courriel ?? undefined
  try {
    await app.mailer.send({
      envoiId: envoi.id,
      to: envoi.destinataire,
      subject: envoi.sujet,
      text: envoi.texte,
      html: envoi.html,
      fromName: collectivite.nom,
      ...(replyTo && isPlainAddress(replyTo) ? { replyTo } : {}),
    })
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    const apres = apresEchec(error.isPermanent, tentatives, envoi.destinataire)
    return { id: envoi.id, tentatives, remisLe: null, ...apres, ...(apres.etat === 'a_remettre' ? { failure: error } : {}) }
  }
  return { id: envoi.id, etat: 'remis', tentatives, erreur: null, remisLe: app.clock.now() }
}

async function noter(tx: Tx, collectiviteId: string, { id, etat, tentatives, erreur, remisLe }: Issue): Promise<void> {
  await sql`update envoi set etat = ${etat}, tentatives = ${tentatives}, erreur = ${erreur}, remis_le = ${remisLe}
    where collectivite_id = ${collectiviteId} and id = ${id} and etat = 'a_remettre'`.execute(tx)
}

// The job stays in our hands meanwhile: no other worker takes the message.
async function noterAuRetour(app: App, collectiviteId: string, issue: Issue, stopping: AbortSignal | undefined): Promise<void> {
  for (;;) {
    try {
      return await inTenant(app.db, collectiviteId, tx => noter(tx, collectiviteId, issue))
    } catch (error) {
      if (stopping?.aborted || !(error instanceof DatabaseUnavailable)) throw error
      await sleep(250)
    }
  }
}
