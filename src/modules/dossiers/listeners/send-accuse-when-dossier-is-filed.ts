import type { EventListener } from '../../../platform/events/events.ts'
import { appellation } from '../../territoire/index.ts'
import { codeDuDossier } from '../code.ts'
import { courrierDeLAccuse, mentionsAuDepot } from '../pdf/accuse.ts'
import { ecrireAuDemandeur, emettreDocument, reagir } from './reaction.ts'

/** CRPA L112-11: whoever writes electronically gets an accusé de réception; the document and the message are of one transaction. */
export const sendAccuseWhenDossierIsFiled: EventListener = {
  name: 'send-accuse-when-dossier-is-filed',
  on: 'dossier-depose',
  handle: (app, event) =>
    reagir(app, event, async reaction => {
      const { collectivite, dossier } = reaction.cas
      const deposeLe = reaction.evenement.le
      if (!(await emettreDocument(reaction, { nature: 'accuse', courrier: courrierDeLAccuse(reaction.cas, deposeLe) }))) return
      const { lignes, paragraphes } = mentionsAuDepot(reaction.cas, deposeLe)
      await ecrireAuDemandeur(reaction, {
        usage: 'message.depot',
        // The mentions of the law (CRPA R112-11-1) and what opens the dossier: after the words of the collectivité, whatever they are.
        plus: [
          { reference: { intitule: 'Votre référence', valeur: dossier.reference } },
          { reference: { intitule: 'Votre code', valeur: codeDuDossier(app.secrets, dossier) } },
          `La référence et le code ouvrent votre dossier. Gardez ce message, et ne donnez le code qu’à ${appellation(collectivite)}.`,
          lignes.map(({ cle, valeur }) => `${cle} : ${valeur.replaceAll('\n', ', ')}`).join('\n'),
          ...paragraphes,
        ],
        lien: 'Suivre ma demande',
      })
    }),
}
