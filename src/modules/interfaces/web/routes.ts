import type { Access, Route } from '../../../platform/http/route.ts'
import { faireJeton, jetonCopie, montrerJeton, montrerJetons, montrerNouveau, revoquer } from './agent/jetons.tsx'
import {
  changerReglages,
  changerSecret,
  essayerWebhook,
  faireWebhook,
  mettreWebhookEnPause,
  montrerNouveauWebhook,
  montrerReglages,
  montrerWebhook,
  montrerWebhooks,
  rejouerWebhook,
  reprendreWebhook,
  supprimerWebhook,
} from './agent/webhooks.tsx'
import { operations } from './api/openapi.ts'
import { montrerDocumentation, servirOpenApi } from './documentation.tsx'

const scope = 'collectivite'
const access: Access = { kind: 'agent', permission: 'reglages.modifier' }
const jetons = '/agent/jetons'
const webhooks = '/agent/webhooks'

/** Every address of the API, its documentation, and the pages where agents decide who may call. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/api', scope, access: { kind: 'public' }, cache: 'public', handle: montrerDocumentation },
  {
    method: 'GET',
    path: '/api/v1/openapi.json',
    scope,
    access: { kind: 'public' },
    cache: 'public',
    format: 'json',
    handle: servirOpenApi,
  },
  ...operations.map(({ route }) => route),
  { method: 'GET', path: jetons, scope, access, handle: montrerJetons },
  { method: 'POST', path: jetons, scope, access, handle: faireJeton },
  { method: 'GET', path: `${jetons}/nouveau`, scope, access, handle: montrerNouveau },
  { method: 'GET', path: `${jetons}/:id`, scope, access, handle: montrerJeton },
  { method: 'POST', path: `${jetons}/:id/revocation`, scope, access, handle: revoquer },
  { method: 'POST', path: `${jetons}/:id/copie`, scope, access, handle: jetonCopie },
  { method: 'GET', path: webhooks, scope, access, handle: montrerWebhooks },
  { method: 'POST', path: webhooks, scope, access, handle: faireWebhook },
  { method: 'GET', path: `${webhooks}/nouveau`, scope, access, handle: montrerNouveauWebhook },
  { method: 'GET', path: `${webhooks}/:id`, scope, access, handle: montrerWebhook },
  { method: 'GET', path: `${webhooks}/:id/reglages`, scope, access, handle: montrerReglages },
  { method: 'POST', path: `${webhooks}/:id/reglages`, scope, access, handle: changerReglages },
  { method: 'POST', path: `${webhooks}/:id/secret`, scope, access, handle: changerSecret },
  { method: 'POST', path: `${webhooks}/:id/pause`, scope, access, handle: mettreWebhookEnPause },
  { method: 'POST', path: `${webhooks}/:id/reprise`, scope, access, handle: reprendreWebhook },
  { method: 'POST', path: `${webhooks}/:id/rejeu`, scope, access, handle: rejouerWebhook },
  { method: 'POST', path: `${webhooks}/:id/essai`, scope, access, handle: essayerWebhook },
  { method: 'POST', path: `${webhooks}/:id/suppression`, scope, access, handle: supprimerWebhook },
]
