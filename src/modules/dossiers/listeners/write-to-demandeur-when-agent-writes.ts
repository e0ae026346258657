import type { EventListener } from '../../../platform/events/events.ts'
import { appellation } from '../../territoire/index.ts'
import { ecrireAuDemandeur, reagir } from './reaction.ts'

/** Tells that a message waits in the dossier; its words stay there, an address may be shared or mistyped. */
export const writeToDemandeurWhenAgentWrites: EventListener = {
  name: 'write-to-demandeur-when-agent-writes',
  on: 'message-ecrit',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      if (reaction.evenement.auteur_nature !== 'agent') return
      const { collectivite, modele } = reaction.cas
      const mairie = appellation(collectivite)
      await ecrireAuDemandeur(reaction, {
        sujet: 'Un message vous attend',
        titre: 'Un message vous attend dans votre dossier',
        paragraphes: [
          `Un agent vous a écrit à propos de votre demande « ${modele.titre} ».`,
          `Ouvrez votre dossier avec votre référence et votre code pour lire ce message et répondre à ${mairie}.`,
        ],
        lien: 'Lire le message',
      })
    }),
}
