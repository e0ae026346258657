import type { App } from '../../platform/app.ts'
import { type DonneesDeLaPersonne, donneesDeLAdresse } from './queries/personne.ts'
import { compteDe } from './queries/places.ts'

export { effacerPersonne as effacer } from './commands/effacer-personne.ts'
export { type EffacesDepuis, reeffacer, reeffacerComptes } from './commands/reeffacer.ts'
export { tombes } from './queries/tombes.ts'

/** All that is held on an address in the territory. */
export const extraire = async (app: App, courriel: string): Promise<DonneesDeLaPersonne> =>
  donneesDeLAdresse(app, courriel, await compteDe(app, courriel))
