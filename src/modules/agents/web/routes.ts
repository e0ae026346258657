import type { Access, Route } from '../../../platform/http/route.ts'
import {
  donnerCode,
  entrer,
  montrerCode,
  montrerCollectivites,
  montrerCompte,
  montrerConnexion,
  montrerOuSeConnecter,
  seConnecter,
  seDeconnecter,
} from './connexion.tsx'
import { enregistrerRoles, inviter, montrerEquipe, montrerMembre, rendre, renvoyer, retirer } from './equipe.tsx'
import { choisir, confirmer, montrerInvitation, montrerSecondFacteur } from './invitation.tsx'

const open: Access = { kind: 'public' }
const gerer: Access = { kind: 'agent', permission: 'agents.gerer' }
const scope = 'collectivite'
// A mairie shares one address, a syndicat too on a Monday morning: 300 in 10 minutes bother nobody but a machine.
const perIp = 300

/** Every address of the agents' side that is not of a service. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/agents', scope: 'territoire', access: open, cache: 'public', handle: montrerOuSeConnecter },
  { method: 'GET', path: '/agent', scope, access: open, handle: entrer },
  { method: 'GET', path: '/agent/connexion', scope, access: open, handle: montrerConnexion },
  { method: 'POST', path: '/agent/connexion', scope, access: open, perIp, handle: seConnecter },
  { method: 'GET', path: '/agent/connexion/code', scope, access: open, handle: montrerCode },
  { method: 'POST', path: '/agent/connexion/code', scope, access: open, perIp, handle: donnerCode },
  { method: 'POST', path: '/agent/deconnexion', scope, access: open, handle: seDeconnecter },
  { method: 'GET', path: '/agent/collectivites', scope, access: open, handle: montrerCollectivites },
  { method: 'GET', path: '/agent/compte', scope, access: open, handle: montrerCompte },
  { method: 'GET', path: '/agent/invitation/:jeton', scope, access: open, perIp, handle: montrerInvitation },
  { method: 'POST', path: '/agent/invitation/:jeton', scope, access: open, perIp, handle: choisir },
  { method: 'GET', path: '/agent/invitation/:jeton/code', scope, access: open, perIp, handle: montrerSecondFacteur },
  { method: 'POST', path: '/agent/invitation/:jeton/code', scope, access: open, perIp, handle: confirmer },
  { method: 'GET', path: '/agent/equipe', scope, access: gerer, handle: montrerEquipe },
  { method: 'POST', path: '/agent/equipe', scope, access: gerer, handle: inviter },
  { method: 'GET', path: '/agent/equipe/:id', scope, access: gerer, handle: montrerMembre },
  { method: 'POST', path: '/agent/equipe/:id/roles', scope, access: gerer, handle: enregistrerRoles },
  { method: 'POST', path: '/agent/equipe/:id/retrait', scope, access: gerer, handle: retirer },
  { method: 'POST', path: '/agent/equipe/:id/retablissement', scope, access: gerer, handle: rendre },
  { method: 'POST', path: '/agent/equipe/:id/invitation', scope, access: gerer, handle: renvoyer },
]
