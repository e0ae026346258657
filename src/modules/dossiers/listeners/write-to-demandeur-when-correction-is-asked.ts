import type { EventListener } from '../../../platform/events/events.ts'
import { dates } from '../../formulaires/index.ts'
import { aRevoir } from '../queries/redaction.ts'
import { ecrireAuDemandeur, reagir } from './reaction.ts'

/** What to correct, before when (CRPA L114-5), and where. */
export const writeToDemandeurWhenCorrectionIsAsked: EventListener = {
  name: 'write-to-demandeur-when-correction-is-asked',
  on: 'correction-demandee',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      const { cas, evenement, suite } = reaction
      if (suite.some(next => next.nature === 'repondre_correction')) return
      const { champs, echeance } = evenement.donnees as { champs?: string[]; echeance?: string }
      await ecrireAuDemandeur(reaction, {
        usage: 'message.correction',
        faits: {
          ...(evenement.motif ? { motif: evenement.motif } : {}),
          ...(echeance ? { date_limite: dates.longDate(echeance) } : {}),
          ...aRevoir(cas, champs ?? []),
        },
        lien: 'Compléter ma demande',
      })
    }),
}
