import type { Access, Route } from '../../../../platform/http/route.ts'
import { demander, montrerCorrection } from './correction.tsx'
import { DECISIONS, montrerDecision, prendreDecision, RETOUR } from './decision.tsx'
import { envoyerMessage, montrerDossier, prendre } from './dossier.tsx'
import { essayer } from './essai.ts'
import { servirDocument, servirPiece } from './fichiers.ts'
import { montrerJournal } from './journal.tsx'
import { montrerListe } from './liste.tsx'
import { montrerLien, montrerPreparation, preparer } from './pre-remplissage.tsx'

const scope = 'collectivite'
const lire: Access = { kind: 'agent', permission: 'dossiers.lire' }
const instruire: Access = { kind: 'agent', permission: 'dossiers.instruire' }
const decider: Access = { kind: 'agent', permission: 'dossiers.decider' }
const journal: Access = { kind: 'agent', permission: 'journal.lire' }
const modifier: Access = { kind: 'agent', permission: 'reglages.modifier' }
const dossier = '/agent/dossiers/:id'
const preRemplissage = '/agent/demarches/:demarche/pre-remplissage'

/** Every address of the agent's side of dossiers. */
export const routesAgent: readonly Route[] = [
  { method: 'GET', path: '/agent/dossiers', scope, access: lire, handle: montrerListe },
  { method: 'GET', path: dossier, scope, access: lire, handle: montrerDossier },
  { method: 'GET', path: `${dossier}/pieces/:fichier`, scope, access: lire, handle: servirPiece },
  { method: 'GET', path: `${dossier}/documents/:document`, scope, access: lire, handle: servirDocument },
  { method: 'POST', path: `${dossier}/instruction`, scope, access: instruire, handle: prendre },
  { method: 'POST', path: `${dossier}/messages`, scope, access: instruire, handle: envoyerMessage },
  { method: 'GET', path: `${dossier}/corrections`, scope, access: instruire, handle: montrerCorrection },
  { method: 'POST', path: `${dossier}/corrections`, scope, access: instruire, handle: demander },
  { method: 'GET', path: `${dossier}/retour`, scope, access: instruire, handle: montrerDecision(RETOUR) },
  { method: 'POST', path: `${dossier}/retour`, scope, access: instruire, handle: prendreDecision(RETOUR) },
  ...DECISIONS.flatMap((acte): Route[] => [
    { method: 'GET', path: `${dossier}/${acte.chemin}`, scope, access: decider, handle: montrerDecision(acte) },
    { method: 'POST', path: `${dossier}/${acte.chemin}`, scope, access: decider, handle: prendreDecision(acte) },
  ]),
  {
    method: 'POST',
    path: '/agent/demarches/:demarche/essai',
    scope,
    access: modifier,
    handle: essayer,
  },
  { method: 'GET', path: preRemplissage, scope, access: modifier, handle: montrerPreparation },
  { method: 'POST', path: preRemplissage, scope, access: modifier, handle: preparer },
  { method: 'GET', path: `${preRemplissage}/:id`, scope, access: modifier, handle: montrerLien },
  { method: 'GET', path: '/agent/journal', scope, access: journal, handle: montrerJournal },
]
