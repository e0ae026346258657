import { inTenant } from '../../../platform/db/open.ts'
import type { EventListener } from '../../../platform/events/events.ts'
import { reveiller } from '../commands/abonnements.ts'
import { abonnementsActifs } from '../queries/abonnements.ts'

/** Whatever happened to whichever dossier: each subscription of the collectivité looks what waits for it. */
export const deliverToSubscribersWhenDossierChanges: EventListener = {
  name: 'deliver-to-subscribers-when-dossier-changes',
  on: '*',
  together: true,
  handle: (app, { collectiviteId }) =>
    inTenant(app.db, collectiviteId, async tx => {
      for (const id of await abonnementsActifs(tx, collectiviteId)) await reveiller(tx, collectiviteId, id)
    }),
}
