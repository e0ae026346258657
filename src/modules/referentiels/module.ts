import type { Module } from '../../platform/module.ts'
import { donnees } from './donnees.ts'
import { routes } from './web/routes.ts'

export const referentiels: Module = {
  name: 'referentiels',
  dependsOn: ['territoire', 'formulaires', 'agents'],
  donnees,
  permissions: {},
  routes,
}
