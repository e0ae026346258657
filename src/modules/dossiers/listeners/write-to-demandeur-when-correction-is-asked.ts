import type { EventListener } from '../../../platform/events/events.ts'
import { dates } from '../../formulaires/index.ts'
import { appellation } from '../../territoire/index.ts'
import { reponsesLues } from '../queries/cas.ts'
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
      const asked = new Map(reponsesLues(cas).flatMap(({ lignes }) => lignes.map(({ champ, libelle }) => [champ, libelle] as const)))
      const list = (champs ?? []).flatMap(champ => asked.get(champ) ?? [])
      await ecrireAuDemandeur(reaction, {
        sujet: 'Votre demande est à compléter',
        titre: 'Votre demande est à compléter',
        paragraphes: [
          `Pour traiter votre demande « ${cas.modele.titre} », ${appellation(cas.collectivite)} a besoin de vous.`,
          ...(evenement.motif ? [evenement.motif] : []),
          ...(list.length > 0 ? [`À revoir :\n${list.map(libelle => `– ${libelle}`).join('\n')}`] : []),
          ...(echeance ? [`Répondez au plus tard le ${dates.longDate(echeance)}. Le délai de réponse est arrêté jusque-là.`] : []),
          'Ouvrez votre dossier avec votre référence et votre code, puis corrigez ces réponses.',
        ],
        lien: 'Compléter ma demande',
      })
    }),
}
