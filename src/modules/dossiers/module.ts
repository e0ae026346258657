import { inspectFile } from '../../platform/files/index.ts'
import type { Module } from '../../platform/module.ts'
import { indexerLesDossiers } from './commands/indexer.ts'
import { remplirDemonstration } from './demonstration.ts'
import { donnees } from './donnees.ts'
import { chiffrerLesDemarches } from './jobs/chiffrer.ts'
import { conserver } from './jobs/conserver.ts'
import { deciderParSilenceJob } from './jobs/decider-par-silence.ts'
import { effacerFichierDeLot } from './jobs/fichier-de-lot.ts'
import { menage } from './jobs/menage.ts'
import { rappelerLesAvis } from './jobs/rappeler-avis.ts'
import { relancerCorrections } from './jobs/relancer-corrections.ts'
import { traiterLot } from './jobs/traiter-lot.ts'
import { listeners } from './listeners/index.ts'
import { routesAgent } from './web/agent/routes.ts'
import { routesChiffresPublics } from './web/chiffres-publics.tsx'
import { routesExpert } from './web/expert/avis.tsx'
import { routesAvis } from './web/usager/avis.tsx'
import { routesCorrection } from './web/usager/correction.tsx'
import { routesDepot } from './web/usager/depot.tsx'
import { routesDonnees } from './web/usager/donnees.tsx'
import { routesFormulaire } from './web/usager/formulaire.ts'
import { routesMesDonnees } from './web/usager/mes-donnees.tsx'
import { routesMesDossiers } from './web/usager/mes-dossiers.tsx'
import { routesPreremplir } from './web/usager/preremplir.tsx'
import { routesReprendre } from './web/usager/reprendre.tsx'
import { routesSuivi } from './web/usager/suivi.tsx'
import { routesVerification } from './web/verification.tsx'

export const dossiers: Module = {
  name: 'dossiers',
  dependsOn: ['territoire', 'formulaires', 'demarches', 'documents', 'referentiels', 'agents', 'envois'],
  donnees,
  permissions: {},
  routes: [
    ...routesFormulaire,
    ...routesDepot,
    ...routesAvis,
    ...routesSuivi,
    ...routesVerification,
    ...routesCorrection,
    ...routesMesDossiers,
    ...routesChiffresPublics,
    ...routesMesDonnees,
    ...routesDonnees,
    ...routesReprendre,
    ...routesPreremplir,
    ...routesAgent,
    ...routesExpert,
  ],
  jobs: {
    'verifier-fichier': async (app, payload) => {
      await inspectFile(app.files, app.db, { collectiviteId: String(payload.collectiviteId), fichierId: String(payload.fichierId) })
    },
    menage,
    conserver,
    'chiffrer-demarches': chiffrerLesDemarches,
    'relancer-corrections': relancerCorrections,
    'rappeler-avis': rappelerLesAvis,
    'decider-par-silence': deciderParSilenceJob,
    'indexer-dossiers': indexerLesDossiers,
    'traiter-lot': traiterLot,
    'effacer-fichier-de-lot': effacerFichierDeLot,
  },
  listeners,
  schedules: [
    { task: 'menage', match: '20 2 * * *' },
    { task: 'conserver', match: '40 2 * * *' },
    { task: 'chiffrer-demarches', match: '20 4 * * *' },
    { task: 'decider-par-silence', match: '7 * * * *' },
    { task: 'relancer-corrections', match: '30 7 * * *' },
    { task: 'rappeler-avis', match: '40 7 * * *' },
    { task: 'indexer-dossiers', match: '52 * * * *' },
  ],
  seed: remplirDemonstration,
}
