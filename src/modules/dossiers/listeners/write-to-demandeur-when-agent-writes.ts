import type { EventListener } from '../../../platform/events/events.ts'
import { ecrireAuDemandeur, reagir } from './reaction.ts'

/** Tells that a message waits in the dossier; its words stay there, an address may be shared or mistyped. */
export const writeToDemandeurWhenAgentWrites: EventListener = {
  name: 'write-to-demandeur-when-agent-writes',
  on: 'message-ecrit',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      if (reaction.evenement.auteur_nature === 'usager') return
      await ecrireAuDemandeur(reaction, { usage: 'message.message', lien: 'Lire le message' })
    }),
}
