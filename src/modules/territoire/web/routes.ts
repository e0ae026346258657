import type { Route } from '../../../platform/http/route.ts'
import { enregistrerReglages, montrerReglages } from './reglages.tsx'

const access = { kind: 'agent', permission: 'reglages.modifier' } as const

export const routes: readonly Route[] = [
  { method: 'GET', path: '/agent/reglages', scope: 'collectivite', access, handle: montrerReglages },
  { method: 'POST', path: '/agent/reglages', scope: 'collectivite', access, body: 'files', handle: enregistrerReglages },
]
