import type { EventListener } from '../../../platform/events/events.ts'
import { nomsDesAgents } from '../../agents/index.ts'
import { courrierDeLaDecision, estDecision, issue } from '../pdf/decision.ts'
import { ecrireAuDemandeur, emettreDocument, reagir } from './reaction.ts'

/** The decision as a document, and the message that notifies it, in one transaction. */
export const sendDecisionWhenDossierIsDecided: EventListener = {
  name: 'send-decision-when-dossier-is-decided',
  on: 'dossier-decide',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      const { cas, evenement, suite } = reaction
      const { nature, le, motif, auteur_id } = evenement
      // Reopened before its document was made: the decision was never notified, there is nothing to issue.
      if (!estDecision(nature) || suite.some(next => next.nature === 'rouvrir')) return
      const auteur = auteur_id ? (await nomsDesAgents(cas.tx, [auteur_id])).get(auteur_id) : undefined
      if (!(await emettreDocument(reaction, 'decision', courrierDeLaDecision(cas, nature, { le, motif, auteur })))) return
      await ecrireAuDemandeur(reaction, {
        sujet: 'Réponse à votre demande',
        titre: `Votre demande est ${issue[nature]}`,
        paragraphes: [
          `Votre demande « ${cas.modele.titre} » est ${issue[nature]}.`,
          'La décision complète est dans votre dossier : ouvrez-le avec votre référence et votre code.',
          'Vous pouvez aussi y dire ce que vous pensez de cette démarche.',
          ...(nature === 'accepter' ? [] : ['Le document dit pourquoi, et comment contester cette décision.']),
        ],
        lien: 'Lire la décision',
      })
    }),
}
