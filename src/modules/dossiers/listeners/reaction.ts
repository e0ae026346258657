import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { DomainEvent } from '../../../platform/events/events.ts'
import { storeGenerated } from '../../../platform/files/index.ts'
import { newId } from '../../../platform/ids.ts'
import { type Courrier, courrierPdf } from '../../../platform/pdf/courrier.ts'
import type { Redaction } from '../../documents/index.ts'
import { collectiviteParId } from '../../territoire/index.ts'
import { nouveauCodeDeVerification } from '../code.ts'
import { ecrireSurLeDossier, type MessageAuDemandeur } from '../commands/ecrire-au-demandeur.ts'
import type { Cas } from '../commands/instruire.ts'
import { casDuDossier } from '../queries/cas.ts'
import { documentsDuDossier, evenementsDuDossier } from '../queries/dossier.ts'
import type { DocumentRow, EvenementRow } from '../tables.ts'

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

/** A document to issue: the letter, and the version of the collectivité's text that gave its words, if any. */
export interface AEmettre {
  readonly nature: DocumentRow['nature']
  readonly courrier: Courrier
  readonly gabarit?: Redaction['gabarit']
}

/**
 * Makes a document and stores it, once for its event, with the code by which anyone verifies it, under the installation's seal when there is one.
 * False when it was already there: what goes with it has been done too.
 */
export async function emettreDocument({ cas, evenement }: Reaction, { nature, courrier, gabarit }: AEmettre): Promise<boolean> {
  const { app, tx, collectivite, dossier } = cas
  const known = await documentsDuDossier(tx, collectivite.id, dossier.id)
  if (known.some(document => document.nature === nature && document.rang === evenement.rang)) return false
  const code = nouveauCodeDeVerification()
  const now = app.clock.now()
  const { bytes, scelle } = await imprimer(app, { ...courrier, verification: { page: `${collectivite.address}/verifier`, code } }, now)
  const fichierId = await storeGenerated(app.files, tx, {
    collectiviteId: collectivite.id,
    name: `${NOMS[nature]}-${dossier.reference}.pdf`,
    type: 'application/pdf',
    bytes,
  })
  await sql`insert into document (collectivite_id, dossier_id, id, nature, rang, titre, fichier_id, emis_le, code, empreinte, gabarit_id, gabarit_version, scelle)
    values (${collectivite.id}, ${dossier.id}, ${newId()}, ${nature}, ${evenement.rang}, ${courrier.titre}, ${fichierId}, ${now}, ${code},
      ${createHash('sha256').update(bytes).digest('hex')}, ${gabarit?.id ?? null}, ${gabarit?.version ?? null}, ${scelle})`.execute(tx)
  return true
}

const NOMS = { accuse: 'accuse-de-reception', decision: 'decision', attestation: 'attestation', courrier: 'courrier' } as const

// A certificate that expires while the service runs must not keep a decision from the person: the document goes without its seal, and the log says so.
async function imprimer(app: App, courrier: Courrier, now: Date): Promise<{ bytes: Uint8Array; scelle: boolean }> {
  const seal = app.seal
  if (!seal) return { bytes: courrierPdf(courrier), scelle: false }
  if (now > seal.notAfter) {
    app.log.error({ expire: seal.notAfter }, 'cachet électronique expiré : document émis sans lui')
    return { bytes: courrierPdf(courrier), scelle: false }
  }
  const sceau = `Document scellé électroniquement par ${seal.name}.`
  return { bytes: await seal.seal(courrierPdf({ ...courrier, sceau }), now), scelle: true }
}

/** Writes to the person who asks, once for the event. */
export const ecrireAuDemandeur = ({ cas, evenement }: Reaction, message: MessageAuDemandeur): Promise<void> =>
  ecrireSurLeDossier(cas, `dossier|${cas.dossier.id}|${evenement.rang}`, message)
