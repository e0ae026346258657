import type { Access, Route } from '../../../platform/http/route.ts'
import { adopterLeModele, montrerCatalogue, montrerModele } from './catalogue.tsx'
import { abandonnerLesChangements, montrerDemarche, ouvrir, proposer, retirer } from './demarche.tsx'
import { routesDEdition } from './edition/routes.ts'
import { importerFichier, montrerImport, servirDefinition, servirSchema } from './fichier.tsx'
import { creer, montrerListe } from './liste.tsx'
import { accepterMiseAJour, montrerMiseAJour } from './mise-a-jour.tsx'
import { diffuser, montrerPartage } from './partage.tsx'
import { montrerRevision } from './revision.tsx'

const scope = 'collectivite'
const modifier: Access = { kind: 'agent', permission: 'reglages.modifier' }
const partager: Access = { kind: 'agent', permission: 'catalogue.partager' }
const liste = '/agent/demarches'
const une = `${liste}/:demarche`

/** Every address where démarches are managed. */
export const routes: readonly Route[] = [
  { method: 'GET', path: liste, scope, access: modifier, handle: montrerListe },
  { method: 'POST', path: liste, scope, access: modifier, handle: creer },
  { method: 'GET', path: `${liste}/catalogue`, scope, access: modifier, handle: montrerCatalogue },
  { method: 'GET', path: `${liste}/catalogue/:modele`, scope, access: modifier, handle: montrerModele },
  { method: 'POST', path: `${liste}/adoptions`, scope, access: modifier, handle: adopterLeModele },
  { method: 'GET', path: `${liste}/import`, scope, access: modifier, handle: montrerImport },
  { method: 'POST', path: `${liste}/import`, scope, access: modifier, body: 'files', handle: importerFichier },
  { method: 'GET', path: une, scope, access: modifier, handle: montrerDemarche },
  { method: 'GET', path: `${une}/definition.json`, scope, access: modifier, handle: servirDefinition },
  { method: 'POST', path: `${une}/ouverture`, scope, access: modifier, handle: ouvrir(true) },
  { method: 'POST', path: `${une}/fermeture`, scope, access: modifier, handle: ouvrir(false) },
  { method: 'POST', path: `${une}/abandon`, scope, access: modifier, handle: abandonnerLesChangements },
  { method: 'POST', path: `${une}/proposition`, scope, access: modifier, handle: proposer },
  { method: 'POST', path: `${une}/retrait`, scope, access: modifier, handle: retirer },
  { method: 'GET', path: `${une}/mise-a-jour`, scope, access: modifier, handle: montrerMiseAJour },
  { method: 'POST', path: `${une}/mise-a-jour`, scope, access: modifier, handle: accepterMiseAJour },
  { method: 'GET', path: `${une}/revisions/:numero`, scope, access: modifier, handle: montrerRevision },
  ...routesDEdition,
  { method: 'GET', path: '/agent/catalogue', scope, access: partager, handle: montrerPartage },
  { method: 'POST', path: '/agent/catalogue/diffusion', scope, access: partager, handle: diffuser },
  { method: 'GET', path: '/schemas/demarche.json', scope: 'territoire', access: { kind: 'public' }, handle: servirSchema },
]
