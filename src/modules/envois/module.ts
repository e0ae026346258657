import type { Module } from '../../platform/module.ts'
import { donnees } from './donnees.ts'
import { entretenirEnvois } from './jobs/entretenir-envois.ts'
import { remettreEnvoi } from './jobs/remettre-envoi.ts'
import { routes } from './web/routes.tsx'

export const envois: Module = {
  name: 'envois',
  dependsOn: ['territoire'],
  routes,
  donnees,
  permissions: {},
  jobs: { 'remettre-envoi': remettreEnvoi, 'entretenir-envois': entretenirEnvois },
  schedules: [{ task: 'entretenir-envois', match: '20 2 * * *' }],
}
