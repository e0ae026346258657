import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { DomainEvent } from '../../../platform/events/events.ts'
import { storeGenerated } from '../../../platform/files/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Paragraphe } from '../../../platform/mail/layout.tsx'
import { type Courrier, courrierPdf } from '../../../platform/pdf/courrier.ts'
import { envoyer } from '../../envois/index.ts'
import { collectiviteParId } from '../../territoire/index.ts'
import type { Cas } from '../commands/instruire.ts'
import { casDuDossier } from '../queries/cas.ts'
import { documentsDuDossier, evenementsDuDossier } from '../queries/dossier.ts'
import type { EvenementRow } from '../tables.ts'

/** What a listener reacts to: the dossier, held until the end of the transaction, the event, and what happened after it. */
export interface Reaction {
  readonly cas: Cas
  readonly evenement: EvenementRow
  readonly suite: readonly EvenementRow[]
}

/**
 * Reacts to an event of a dossier in one transaction that holds the dossier: two runs of the same reaction, or a reopening, wait for one another.
 * Does nothing when the dossier was erased meanwhile.
 */
export async function reagir(app: App, event: DomainEvent, work: (reaction: Reaction) => Promise<void>): Promise<void> {
  const collectivite = await collectiviteParId(app, event.collectiviteId)
  await inTenant(app.db, collectivite.id, async tx => {
    const cas = await casDuDossier(app, tx, collectivite, event.sujetId, { nature: 'systeme', id: null, canal: 'web' }, true)
    if (!cas) return
    const evenements = await evenementsDuDossier(tx, collectivite.id, event.sujetId)
    const evenement = evenements.find(({ rang }) => rang === event.rang)
    if (!evenement) throw new Error(`dossier ${event.sujetId}: no event of rank ${event.rang}`)
    await work({ cas, evenement, suite: evenements.filter(({ rang }) => rang > event.rang) })
  })
}

/** Makes a document and stores it, once for its event. False when it was already there: what goes with it has been done too. */
export async function emettreDocument({ cas, evenement }: Reaction, nature: 'accuse' | 'decision', courrier: Courrier): Promise<boolean> {
  const { app, tx, collectivite, dossier } = cas
  const known = await documentsDuDossier(tx, collectivite.id, dossier.id)
  if (known.some(document => document.nature === nature && document.rang === evenement.rang)) return false
  const fichierId = await storeGenerated(app.files, tx, {
    collectiviteId: collectivite.id,
    name: `${nature === 'accuse' ? 'accuse-de-reception' : 'decision'}-${dossier.reference}.pdf`,
    type: 'application/pdf',
    bytes: courrierPdf(courrier),
  })
  await sql`insert into document (collectivite_id, dossier_id, id, nature, rang, titre, fichier_id, emis_le)
    values (${collectivite.id}, ${dossier.id}, ${newId()}, ${nature}, ${evenement.rang}, ${courrier.titre}, ${fichierId}, ${app.clock.now()})`.execute(
    tx,
  )
  return true
}

/** Writes to the person who asks, once for the event, with the link to follow at the end; nothing when they gave no address. */
export async function ecrireAuDemandeur(
  { cas, evenement }: Reaction,
  message: { sujet: string; titre: string; paragraphes: readonly Paragraphe[]; lien: string },
): Promise<void> {
  const { app, tx, collectivite, dossier } = cas
  if (!dossier.demandeur_courriel) return
  const href = `${collectivite.address}/suivi?reference=${dossier.reference}`
  await envoyer(tx, app, {
    collectiviteId: collectivite.id,
    dossierId: dossier.id,
    cle: `dossier|${dossier.id}|${evenement.rang}`,
    destinataire: dossier.demandeur_courriel,
    sujet: `${message.sujet} (${dossier.reference})`,
    titre: message.titre,
    paragraphes: [
      `Bonjour${dossier.demandeur_nom ? ` ${dossier.demandeur_nom}` : ''},`,
      ...message.paragraphes,
      { lien: { texte: message.lien, href } },
    ],
  })
}
