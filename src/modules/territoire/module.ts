import type { Module } from '../../platform/module.ts'
import { remplirContacts } from './demonstration.ts'
import { routes } from './web/routes.ts'

export const territoire: Module = {
  name: 'territoire',
  dependsOn: [],
  routes,
  permissions: {},
  seed: remplirContacts,
}
