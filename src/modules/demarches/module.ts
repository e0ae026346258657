import type { Module } from '../../platform/module.ts'
import { donnees } from './donnees.ts'
import { DIFFUSER, diffuser } from './jobs/diffuser.ts'
import { routes } from './web/routes.ts'

export const demarches: Module = {
  name: 'demarches',
  dependsOn: ['territoire', 'formulaires', 'referentiels', 'agents'],
  donnees,
  permissions: {},
  routes,
  jobs: { [DIFFUSER]: diffuser },
}
