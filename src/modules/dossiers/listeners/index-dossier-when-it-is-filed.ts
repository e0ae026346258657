import type { EventListener } from '../../../platform/events/events.ts'
import { indexerLaCollectivite } from '../commands/indexer.ts'

/** The words of what is filed, so that agents find it: all that wait in its collectivité at once, if no list of theirs came first. */
export const indexDossierWhenItIsFiled: EventListener = {
  name: 'index-dossier-when-it-is-filed',
  on: 'dossier-depose',
  together: true,
  handle: (app, event) => indexerLaCollectivite(app, event.collectiviteId),
}
