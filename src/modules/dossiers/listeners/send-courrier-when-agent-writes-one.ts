import type { EventListener } from '../../../platform/events/events.ts'
import { nomsDesAgents } from '../../agents/index.ts'
import type { CourrierEcrit } from '../commands/courrier.ts'
import { courrierDeLAgent } from '../pdf/courrier.ts'
import { ecrireAuDemandeur, emettreDocument, reagir } from './reaction.ts'

/** The letter as a document of the dossier, and the message that tells of it, in one transaction. */
export const sendCourrierWhenAgentWritesOne: EventListener = {
  name: 'send-courrier-when-agent-writes-one',
  on: 'courrier-ecrit',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      const { cas, evenement } = reaction
      const { courrier, gabarit, signataire } = evenement.donnees as {
        courrier: Pick<CourrierEcrit, 'titre' | 'blocs'>
        gabarit: CourrierEcrit['gabarit']
        signataire?: string
      }
      const auteur = evenement.auteur_id ? (await nomsDesAgents(cas.tx, [evenement.auteur_id])).get(evenement.auteur_id) : undefined
      const printed = await courrierDeLAgent(cas, { ...courrier, gabarit, signataire }, evenement.le, auteur)
      if (!(await emettreDocument(reaction, { nature: 'courrier', courrier: printed, gabarit }))) return
      await ecrireAuDemandeur(reaction, { usage: 'message.courrier', lien: 'Lire le courrier' })
    }),
}
