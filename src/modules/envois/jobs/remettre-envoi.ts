import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import type { Payload } from '../../../platform/jobs/jobs.ts'
import { isPlainAddress, MailFailure } from '../../../platform/mail/message.ts'
import { type Collectivite, collectiviteParId } from '../../territoire/index.ts'
import { apresEchec } from '../envoi.ts'
import type { EnvoiRow } from '../tables.ts'

/**
 * Hands a message to the mail server, once: the row stays locked during the conversation, and is marked as soon as the server acknowledges.
 * A temporary failure is noted, then thrown, so that the worker tries again later; a refusal for good is noted and ends there.
 * If the process dies between the acknowledgement and our commit, the message leaves again, with the same Message-ID.
 */
export async function remettreEnvoi(app: App, payload: Payload): Promise<void> {
  const collectivite = await collectiviteParId(app, String(payload.collectiviteId))
  const failure = await inTenant(app.db, collectivite.id, async tx => {
    // A slow mail server is waited for longer than the 30 s after which the database closes a silent transaction.
    await sql`set local idle_in_transaction_session_timeout = '3min'`.execute(tx)
    const { rows } = await sql<EnvoiRow>`select id, destinataire, sujet, texte, html, etat, tentatives from envoi
      where collectivite_id = ${collectivite.id} and id = ${String(payload.envoiId)} for update`.execute(tx)
    const envoi = rows[0]
    return envoi?.etat === 'a_remettre' ? remettre(app, tx, collectivite, envoi) : undefined
  })
  if (failure) throw failure
}

/** Gives the failure to try again after, if any. */
async function remettre(app: App, tx: Tx, collectivite: Collectivite, envoi: EnvoiRow): Promise<MailFailure | undefined> {
  const essai = envoi.tentatives + 1
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
    const { etat, erreur } = apresEchec(error.isPermanent, essai, envoi.destinataire)
    await sql`update envoi set etat = ${etat}, tentatives = ${essai}, erreur = ${erreur}
      where collectivite_id = ${collectivite.id} and id = ${envoi.id}`.execute(tx)
    return etat === 'a_remettre' ? error : undefined
  }
  await sql`update envoi set etat = 'remis', tentatives = ${essai}, erreur = null, remis_le = ${app.clock.now()}
    where collectivite_id = ${collectivite.id} and id = ${envoi.id}`.execute(tx)
  return undefined
}
