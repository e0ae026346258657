import type { Module } from '../../platform/module.ts'
import { donnees } from './donnees.ts'
import { routes } from './web/routes.ts'

export const documents: Module = {
  name: 'documents',
  dependsOn: ['territoire', 'formulaires', 'demarches', 'agents'],
  donnees,
  permissions: {},
  routes,
}
