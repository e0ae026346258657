import { inspectFile } from '../../platform/files/index.ts'
import type { Module } from '../../platform/module.ts'
import { remplirDemonstration } from './demonstration.ts'
import { menage } from './jobs/menage.ts'
import { listeners } from './listeners/index.ts'
import { routesAgent } from './web/agent/routes.ts'
import { routesApi } from './web/api/routes.ts'
import { routesAvis } from './web/usager/avis.tsx'
import { routesCorrection } from './web/usager/correction.tsx'
import { routesDepot } from './web/usager/depot.tsx'
import { routesFormulaire } from './web/usager/formulaire.ts'
import { routesMesDossiers } from './web/usager/mes-dossiers.tsx'
import { routesPreremplir } from './web/usager/preremplir.tsx'
import { routesReprendre } from './web/usager/reprendre.tsx'
import { routesSuivi } from './web/usager/suivi.tsx'

export const dossiers: Module = {
  name: 'dossiers',
  dependsOn: ['territoire', 'formulaires', 'demarches', 'referentiels', 'agents', 'envois'],
  permissions: {},
  routes: [
    ...routesFormulaire,
    ...routesDepot,
    ...routesAvis,
    ...routesSuivi,
    ...routesCorrection,
    ...routesMesDossiers,
    ...routesReprendre,
    ...routesPreremplir,
    ...routesApi,
    ...routesAgent,
  ],
  jobs: {
    'verifier-fichier': async (app, payload) => {
      await inspectFile(app.files, app.db, { collectiviteId: String(payload.collectiviteId), fichierId: String(payload.fichierId) })
    },
    menage,
  },
  listeners,
  schedules: [{ task: 'menage', match: '20 2 * * *' }],
  seed: remplirDemonstration,
}
