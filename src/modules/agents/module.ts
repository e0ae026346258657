import type { Module } from '../../platform/module.ts'
import { permissions } from './agent.ts'
import { donnees } from './donnees.ts'
import { routes } from './web/routes.ts'

export const agents: Module = {
  name: 'agents',
  dependsOn: ['territoire', 'envois'],
  routes,
  donnees,
  permissions,
}
