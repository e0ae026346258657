import type { Module } from '../../platform/module.ts'
import { routes } from './web/routes.ts'

export const portail: Module = {
  name: 'portail',
  dependsOn: ['territoire', 'formulaires', 'demarches', 'dossiers'],
  routes,
  permissions: {},
}
