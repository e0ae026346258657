import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs/jobs.ts'
import { layoutMessage, type Paragraphe } from '../../../platform/mail/layout.tsx'
import { headerText } from '../../../platform/mail/message.ts'
import { type Collectivite, collectiviteParId } from '../../territoire/index.ts'
import { ESSAIS_AU_PLUS } from '../envoi.ts'

/** A message to one person, from a collectivité. */
export interface MessageAEnvoyer {
  readonly collectiviteId: string
  /** The dossier it is about: the agent sees the message there. */
  readonly dossierId?: string | undefined
  /** What makes it be written: asked again with the same key, nothing leaves a second time. */
  readonly cle?: string | undefined
  /** One plain e-mail address; an ill-written one is kept as refused, and the agent sees why. */
  readonly destinataire: string
  readonly sujet: string
  readonly titre: string
  readonly paragraphes: readonly Paragraphe[]
}

/**
 * Writes a message and the job that will hand it over, in the caller's transaction: it leaves if and only if the transaction commits
 * (transactional outbox). Gives the id of the sending, the first one's when its key has already been used.
 */
export async function envoyer(tx: Tx, app: App, message: MessageAEnvoyer): Promise<string> {
  const { collectiviteId, dossierId, destinataire, titre, paragraphes } = message
  const collectivite = await collectiviteParId(app, collectiviteId, tx)
  const { text, html } = layoutMessage({ titre, paragraphes, emetteur: emetteurDe(collectivite), demonstration: app.config.demonstration })
  const id = newId()
  const cle = message.cle ?? null
  const { rows } = await sql`insert into envoi (collectivite_id, id, dossier_id, canal, destinataire, sujet, texte, html, cle, cree_le)
    values (${collectiviteId}, ${id}, ${dossierId ?? null}, 'courriel', ${destinataire}, ${headerText(message.sujet)}, ${text}, ${html},
      ${cle}, ${app.clock.now()}) on conflict (collectivite_id, cle) do nothing returning id`.execute(tx)
  if (rows.length === 0) {
    const first = await sql<{ id: string }>`select id from envoi where collectivite_id = ${collectiviteId} and cle = ${cle}`.execute(tx)
    return first.rows[0]!.id
  }
  await mettreEnFile(tx, collectiviteId, id)
  return id
}

/** Puts the job of a sending; a job already waiting for it is replaced, not doubled. */
export const mettreEnFile = (tx: Tx, collectiviteId: string, envoiId: string): Promise<void> =>
  enqueue(tx, 'remettre-envoi', { collectiviteId, envoiId }, { jobKey: `envoi|${envoiId}`, maxAttempts: ESSAIS_AU_PLUS })

function emetteurDe({ nom, reglage }: Collectivite) {
  const lieu = [reglage.codePostal, reglage.ville].filter(Boolean).join(' ')
  const adresse = [reglage.adresse?.replace(/\s*\n\s*/g, ', '), lieu].filter(Boolean).join(', ')
  return { nom, telephone: reglage.telephone ?? undefined, adresse: reglage.adresse ? adresse : undefined }
}
