import type { Module } from '../../platform/module.ts'
import { remplirContacts } from './demonstration.ts'
import { donnees } from './donnees.ts'
import { routes } from './web/routes.ts'

export const territoire: Module = {
  name: 'territoire',
  dependsOn: [],
  routes,
  donnees,
  permissions: {},
  seed: remplirContacts,
}
