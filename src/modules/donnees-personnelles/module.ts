import type { Module } from '../../platform/module.ts'
import { tablesDe } from './queries/registre.ts'
import { routesRegistre } from './web/registre.tsx'

/** Built over the other modules, since it tells what each of them keeps. */
export const donneesPersonnelles = (modules: readonly Module[]): Module => ({
  name: 'donnees-personnelles',
  dependsOn: ['territoire', 'formulaires', 'demarches', 'agents', 'dossiers'],
  permissions: {},
  routes: routesRegistre(tablesDe(modules)),
})
