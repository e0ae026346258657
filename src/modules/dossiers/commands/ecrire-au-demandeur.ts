import type { Paragraphe } from '../../../platform/mail/layout.tsx'
import type { Faits, Usage } from '../../documents/index.ts'
import { envoyer } from '../../envois/index.ts'
import { redigerPour } from '../queries/redaction.ts'
import type { Cas } from './instruire.ts'

/** A message about a dossier: which text says it, and what this dossier gives it beside its answers. */
export interface MessageAuDemandeur {
  readonly usage: Usage
  readonly faits?: Faits
  /** What no text may take away, after it. */
  readonly plus?: readonly Paragraphe[]
  /** The words of the link to the dossier. */
  readonly lien: string
}

/**
 * Writes to the person who asks, once for a `cle`: the collectivité's own words or ours, between a greeting and the link to follow; its name and
 * telephone come with every message. Nothing when they gave no address.
 */
export async function ecrireSurLeDossier(cas: Cas, cle: string, message: MessageAuDemandeur): Promise<void> {
  const { app, tx, collectivite, dossier } = cas
  if (!dossier.demandeur_courriel) return
  const { sujet, titre, blocs } = await redigerPour(cas, message.usage, message.faits)
  const href = `${collectivite.address}/suivi?reference=${dossier.reference}`
  await envoyer(tx, app, {
    collectiviteId: collectivite.id,
    dossierId: dossier.id,
    cle,
    destinataire: dossier.demandeur_courriel,
    sujet: `${sujet} (${dossier.reference})`,
    titre,
    paragraphes: [
      `Bonjour${dossier.demandeur_nom ? ` ${dossier.demandeur_nom}` : ''},`,
      ...blocs.map(bloc => (bloc.type === 'liste' ? bloc.elements.map(element => `– ${element}`).join('\n') : bloc.texte)),
      ...(message.plus ?? []),
      { lien: { texte: message.lien, href } },
    ],
  })
}
