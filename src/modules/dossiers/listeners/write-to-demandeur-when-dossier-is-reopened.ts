import type { EventListener } from '../../../platform/events/events.ts'
import { appellation } from '../../territoire/index.ts'
import { ecrireAuDemandeur, reagir } from './reaction.ts'

/** The former decision no longer holds: the person is told, with the reason. */
export const writeToDemandeurWhenDossierIsReopened: EventListener = {
  name: 'write-to-demandeur-when-dossier-is-reopened',
  on: 'dossier-rouvert',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      const { collectivite, modele } = reaction.cas
      await ecrireAuDemandeur(reaction, {
        sujet: 'Votre dossier est rouvert',
        titre: 'Votre dossier est rouvert',
        paragraphes: [
          `Votre demande « ${modele.titre} » est de nouveau examinée. La décision précédente ne vaut plus.`,
          ...(reaction.evenement.motif ? [`Motif : ${reaction.evenement.motif}`] : []),
          `Vous n’avez rien à faire : ${appellation(collectivite)} vous écrira sa réponse.`,
        ],
        lien: 'Suivre ma demande',
      })
    }),
}
