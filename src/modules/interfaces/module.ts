import type { Module } from '../../platform/module.ts'
import { donnees } from './donnees.ts'
import { entretienDesInterfaces } from './jobs/entretien.ts'
import { essayerUnAbonnement } from './jobs/essayer.ts'
import { remettreAuxAbonnes } from './jobs/remettre.ts'
import { deliverToSubscribersWhenDossierChanges } from './listeners/deliver-to-subscribers-when-dossier-changes.ts'
import { routes } from './web/routes.ts'

export const interfaces: Module = {
  name: 'interfaces',
  dependsOn: ['territoire', 'formulaires', 'demarches', 'dossiers', 'agents', 'envois'],
  permissions: {},
  donnees,
  routes,
  jobs: { 'entretien-des-interfaces': entretienDesInterfaces },
  networkJobs: { 'remettre-aux-abonnes': remettreAuxAbonnes, 'essayer-un-abonnement': essayerUnAbonnement },
  listeners: [deliverToSubscribersWhenDossierChanges],
  schedules: [{ task: 'entretien-des-interfaces', match: '37 * * * *' }],
}
