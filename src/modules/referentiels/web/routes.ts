import type { Access, Route } from '../../../platform/http/route.ts'
import { declarer, modifierApi, montrerDeclaration } from './api.tsx'
import { decrireCarte, donnerPlan, montrerPlan, proposerAdresseProche } from './carte.ts'
import { changerColonnes, montrerListe, montrerSuppression, remplacer, supprimer, telecharger } from './liste.tsx'
import { ajouter, montrerAjout, montrerListes } from './listes.tsx'
import { proposerAdresses, proposerCommunes } from './recherche.ts'

const scope = 'collectivite'
const access: Access = { kind: 'agent', permission: 'reglages.modifier' }
const toutes = '/agent/referentiels'
const une = `${toutes}/:liste`

/** A person who types a word a second for ten minutes, twice over. */
const perIp = 1200

/** Every address of lists and look-ups. */
export const routes: readonly Route[] = [
  { method: 'GET', path: toutes, scope, access, handle: montrerListes },
  { method: 'POST', path: toutes, scope, access, body: 'files', handle: ajouter },
  { method: 'GET', path: `${toutes}/fichier`, scope, access, handle: montrerAjout },
  { method: 'GET', path: `${toutes}/api`, scope, access, handle: montrerDeclaration },
  { method: 'POST', path: `${toutes}/api`, scope, access, handle: declarer },
  { method: 'GET', path: une, scope, access, handle: montrerListe },
  { method: 'POST', path: `${une}/fichier`, scope, access, body: 'files', handle: remplacer },
  { method: 'POST', path: `${une}/colonnes`, scope, access, handle: changerColonnes },
  { method: 'POST', path: `${une}/api`, scope, access, handle: modifierApi },
  { method: 'GET', path: `${une}/lignes.csv`, scope, access, handle: telecharger },
  { method: 'GET', path: `${une}/suppression`, scope, access, handle: montrerSuppression },
  { method: 'POST', path: `${une}/suppression`, scope, access, handle: supprimer },
  { method: 'GET', path: '/recherche/communes', scope: 'territoire', access: { kind: 'public' }, perIp, handle: proposerCommunes },
  // Again within each collectivité: from its own host, nothing else can be asked (CSP connect-src 'self').
  { method: 'GET', path: '/recherche/communes', scope, access: { kind: 'public' }, perIp, handle: proposerCommunes },
  { method: 'GET', path: '/recherche/adresses', scope, access: { kind: 'public' }, perIp, handle: proposerAdresses },
  {
    method: 'GET',
    path: '/recherche/adresse-proche',
    scope,
    access: { kind: 'public' },
    format: 'json',
    perIp,
    handle: proposerAdresseProche,
  },
  { method: 'GET', path: '/recherche/carte', scope, access: { kind: 'public' }, cache: 'public', perIp, handle: decrireCarte },
  { method: 'GET', path: '/recherche/plan', scope, access: { kind: 'public' }, cache: 'public', perIp, handle: donnerPlan },
  { method: 'GET', path: '/recherche/plan.svg', scope, access: { kind: 'public' }, perIp, handle: montrerPlan },
]
