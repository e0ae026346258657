import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { type Demarche, demarchesOuvertes } from '../../demarches/index.ts'

/** The open démarches of a collectivité, kept in memory until something of it changes: a search reads no database. */
export const demarchesDe = (app: App, collectiviteId: string): Promise<Demarche[]> =>
  app.cache.remember(
    `demarches|${collectiviteId}`,
    () => collectiviteId,
    () => inTenant(app.db, collectiviteId, tx => demarchesOuvertes(tx, collectiviteId)),
  )
