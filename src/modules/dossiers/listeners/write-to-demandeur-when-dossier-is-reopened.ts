import type { EventListener } from '../../../platform/events/events.ts'
import { ecrireAuDemandeur, reagir } from './reaction.ts'

/** The former decision no longer holds: the person is told, with the reason. */
export const writeToDemandeurWhenDossierIsReopened: EventListener = {
  name: 'write-to-demandeur-when-dossier-is-reopened',
  on: 'dossier-rouvert',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      const { motif } = reaction.evenement
      await ecrireAuDemandeur(reaction, { usage: 'message.rouvrir', faits: motif ? { motif } : {}, lien: 'Suivre ma demande' })
    }),
}
