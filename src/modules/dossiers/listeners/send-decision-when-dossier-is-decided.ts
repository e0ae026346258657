import type { EventListener } from '../../../platform/events/events.ts'
import { isUuid } from '../../../platform/ids.ts'
import { nomsDesAgents } from '../../agents/index.ts'
import { dates } from '../../formulaires/index.ts'
import { documentDeLaDecision, estDecision, faitsDeLaDecision, natureDuTexte } from '../pdf/decision.ts'
import { ecrireAuDemandeur, emettreDocument, reagir } from './reaction.ts'

/** The decision as a document, and the message that notifies it, in one transaction; an attestation when silence has accepted (CRPA L232-3). */
export const sendDecisionWhenDossierIsDecided: EventListener = {
  name: 'send-decision-when-dossier-is-decided',
  on: 'dossier-decide',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      const { cas, evenement, suite } = reaction
      const { nature, le, motif, auteur_nature, auteur_id, donnees } = evenement
      // Reopened before its document was made: the decision was never notified, there is nothing to issue.
      if (!estDecision(nature) || suite.some(next => next.nature === 'rouvrir')) return
      const signataire = auteur_nature === 'agent' ? auteur_id : isUuid(donnees.pour) ? donnees.pour : null
      const auteur = signataire ? (await nomsDesAgents(cas.tx, [signataire])).get(signataire) : undefined
      const jour = dates.isDay(donnees.jour) ? donnees.jour : undefined
      const chosen = typeof donnees.signataire === 'string' ? donnees.signataire : undefined
      const decision = { nature, le, jour, motif, auteur, signataire: chosen }
      const words = natureDuTexte(cas, nature)
      const { courrier, texte } = await documentDeLaDecision(cas, decision)
      const issued = { nature: words === 'accepter_auto' ? 'attestation' : 'decision', courrier, gabarit: texte.gabarit } as const
      if (!(await emettreDocument(reaction, issued))) return
      await ecrireAuDemandeur(reaction, { usage: `message.${words}`, faits: faitsDeLaDecision(cas, decision), lien: 'Lire la décision' })
    }),
}
