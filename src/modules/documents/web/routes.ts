import type { Access, Route } from '../../../platform/http/route.ts'
import { enregistrer, essayer, mettre, montrerModele, montrerSpecimen } from './modele.tsx'
import { creer, montrerModeles } from './modeles.tsx'
import { ajouter, mettreSignature, modifier, montrerAjout, montrerSignature, montrerSignatures } from './signatures.tsx'
import { montrerVersion, montrerVersions, reprendre } from './versions.tsx'

const scope = 'collectivite'
const access: Access = { kind: 'agent', permission: 'reglages.modifier' }
const tous = '/agent/modeles'
const un = `${tous}/:id`
const signatures = '/agent/signatures'

/** Every address of the texts of documents and messages, and of who signs. */
export const routes: readonly Route[] = [
  { method: 'GET', path: tous, scope, access, handle: montrerModeles },
  { method: 'POST', path: tous, scope, access, handle: creer },
  { method: 'GET', path: un, scope, access, handle: montrerModele },
  { method: 'POST', path: un, scope, access, handle: enregistrer },
  { method: 'POST', path: `${un}/essai`, scope, access, handle: essayer },
  { method: 'GET', path: `${un}/specimen`, scope, access, handle: montrerSpecimen },
  { method: 'GET', path: `${un}/versions`, scope, access, handle: montrerVersions },
  { method: 'GET', path: `${un}/versions/:numero`, scope, access, handle: montrerVersion },
  { method: 'POST', path: `${un}/reprise`, scope, access, handle: reprendre },
  { method: 'POST', path: `${un}/retrait`, scope, access, handle: mettre('retirer') },
  { method: 'POST', path: `${un}/retablissement`, scope, access, handle: mettre('remettre') },
  { method: 'GET', path: signatures, scope, access, handle: montrerSignatures },
  { method: 'POST', path: signatures, scope, access, body: 'files', handle: ajouter },
  { method: 'GET', path: `${signatures}/ajout`, scope, access, handle: montrerAjout },
  { method: 'GET', path: `${signatures}/:id`, scope, access, handle: montrerSignature },
  { method: 'POST', path: `${signatures}/:id`, scope, access, body: 'files', handle: modifier },
  { method: 'POST', path: `${signatures}/:id/retrait`, scope, access, handle: mettreSignature('retirer') },
  { method: 'POST', path: `${signatures}/:id/retablissement`, scope, access, handle: mettreSignature('remettre') },
]
