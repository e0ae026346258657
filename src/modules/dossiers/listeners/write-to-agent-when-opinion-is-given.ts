import { civilDay } from '../../../platform/clock.ts'
import type { EventListener } from '../../../platform/events/events.ts'
import { agentsPossibles, courrielsDesAgents } from '../../agents/index.ts'
import { envoyer } from '../../envois/index.ts'
import { fuseau } from '../../territoire/index.ts'
import { avisDuDossier } from '../queries/avis-externe.ts'
import { reagir } from './reaction.ts'

/**
 * Tells who asked for an opinion, and who is in charge, that it has come: those of them who may still handle the dossier, once a day however often it is
 * corrected. Its words stay in the dossier.
 */
export const writeToAgentWhenOpinionIsGiven: EventListener = {
  name: 'write-to-agent-when-opinion-is-given',
  on: 'avis-rendu',
  handle: (app, event) =>
    reagir(app, event, async ({ cas, evenement }) => {
      const { tx, collectivite, dossier, modele } = cas
      const avis = (await avisDuDossier(tx, collectivite.id, dossier.id)).find(({ id }) => id === evenement.donnees.avis)
      if (!avis || avis.retiree_le) return
      const today = civilDay(app.clock.now(), fuseau(collectivite))
      const possible = await agentsPossibles(tx, collectivite.id, { demarcheId: dossier.demarche_id, service: dossier.service }, today)
      const told = possible.map(({ id }) => id).filter(id => id === avis.demandee_par || id === dossier.agent_id)
      for (const [agentId, destinataire] of await courrielsDesAgents(tx, told))
        await envoyer(tx, app, {
          collectiviteId: collectivite.id,
          dossierId: dossier.id,
          cle: `avis-rendu|${avis.id}|${agentId}|${civilDay(evenement.le, fuseau(collectivite))}`,
          destinataire,
          sujet: `Avis reçu pour le dossier ${dossier.reference}`,
          titre: 'Un avis est arrivé',
          paragraphes: [
            `L’avis demandé à ${avis.expert_nom} est dans le dossier ${dossier.reference} (${modele.titre}).`,
            { lien: { texte: 'Lire l’avis', href: `${collectivite.address}/agent/dossiers/${dossier.id}#avis` } },
          ],
        })
    }),
}
