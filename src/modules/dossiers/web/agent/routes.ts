import type { Access, Route } from '../../../../platform/http/route.ts'
import { montrerAccueil } from './accueil.tsx'
import { attribuerDossier, changerDeService, montrerAttribution, suivreDossier } from './attribution.tsx'
import { demander as demanderUnAvis, montrerDemande, relancer, retirer as retirerUnAvis, servirFichierDAvis } from './avis.tsx'
import { enregistrerChiffres, montrerChiffres, montrerChiffresDeLaDemarche } from './chiffres.tsx'
import { montrerFiche, montrerRenouvellement, renouveler } from './code.tsx'
import { enregistrerPourArchives, montrerConservation, remettre, suspendre } from './conservation.tsx'
import { mettreALaCorbeille, montrerCorbeille, montrerMiseALaCorbeille, restaurerDossier } from './corbeille.tsx'
import { demander, montrerCorrection } from './correction.tsx'
import { corriger, montrerCourriel } from './courriel.tsx'
import { envoyer as envoyerUnCourrier, essayerCourrier, montrerCourrier } from './courrier.tsx'
import { DECISIONS, EMETTEURS, montrerDecision, montrerDocument, prendreDecision, RETOUR } from './decision.tsx'
import { accorder, montrerDelegations, retirer } from './delegations.tsx'
import { annoterDossier, envoyerMessage, montrerDossier, poserEtiquette, prendre, retirerEtiquette } from './dossier.tsx'
import { confirmerEffacement, montrerEffacements } from './effacements.tsx'
import { enregistrer, montrerEquipes } from './equipes.tsx'
import { essayer } from './essai.ts'
import { enregistrerLEtiquette, montrerEtiquettes, nePlusProposer, proposerDeNouveau } from './etiquettes.tsx'
import { demander as demanderExport, montrerExport, supprimerLeModele } from './export.tsx'
import { servirArchive, servirFichier } from './fichier-de-lot.ts'
import { servirDocument, servirPiece } from './fichiers.ts'
import { montrerFiltres } from './filtres.tsx'
import { montrerJournal } from './journal.tsx'
import { montrerListe } from './liste.tsx'
import { annuler, arreter, lancer, montrerLot, montrerLots, preparer as preparerLot } from './lot.tsx'
import { montrerLien, montrerPreparation, preparer } from './pre-remplissage.tsx'
import { montrerSilence } from './silence.tsx'
import { choisirParDefaut, garder, montrerVues, renommer, retablir, supprimer } from './vues.tsx'

const scope = 'collectivite'
const lire: Access = { kind: 'agent', permission: 'dossiers.lire' }
const instruire: Access = { kind: 'agent', permission: 'dossiers.instruire' }
const decider: Access = { kind: 'agent', permission: 'dossiers.decider' }
const journal: Access = { kind: 'agent', permission: 'journal.lire' }
const modifier: Access = { kind: 'agent', permission: 'reglages.modifier' }
const gerer: Access = { kind: 'agent', permission: 'agents.gerer' }
const dossier = '/agent/dossiers/:id'
const preRemplissage = '/agent/demarches/:demarche/pre-remplissage'

/** Every address of the agent's side of dossiers. */
export const routesAgent: readonly Route[] = [
  { method: 'GET', path: '/agent/accueil', scope, access: lire, handle: montrerAccueil },
  { method: 'GET', path: '/agent/dossiers', scope, access: lire, handle: montrerListe },
  { method: 'GET', path: '/agent/dossiers/filtres', scope, access: lire, handle: montrerFiltres },
  { method: 'GET', path: '/agent/vues', scope, access: lire, handle: montrerVues },
  { method: 'POST', path: '/agent/vues', scope, access: lire, handle: garder },
  { method: 'POST', path: '/agent/vues/par-defaut', scope, access: lire, handle: choisirParDefaut },
  { method: 'POST', path: '/agent/vues/:id/nom', scope, access: lire, handle: renommer },
  { method: 'POST', path: '/agent/vues/:id/suppression', scope, access: lire, handle: supprimer },
  { method: 'POST', path: '/agent/vues/:id/retablissement', scope, access: lire, handle: retablir },
  { method: 'GET', path: '/agent/exports', scope, access: lire, handle: montrerExport },
  { method: 'POST', path: '/agent/exports', scope, access: lire, handle: demanderExport },
  { method: 'POST', path: '/agent/exports/modeles/:id/suppression', scope, access: lire, handle: supprimerLeModele },
  { method: 'GET', path: '/agent/lots', scope, access: lire, handle: montrerLots },
  { method: 'POST', path: '/agent/lots', scope, access: lire, handle: preparerLot },
  { method: 'GET', path: '/agent/lots/:id', scope, access: lire, handle: montrerLot },
  { method: 'GET', path: '/agent/lots/:id/fichier', scope, access: lire, handle: servirFichier },
  { method: 'POST', path: '/agent/lots/:id/lancement', scope, access: lire, handle: lancer },
  { method: 'POST', path: '/agent/lots/:id/arret', scope, access: lire, handle: arreter },
  { method: 'POST', path: '/agent/lots/:id/annulation', scope, access: lire, handle: annuler },
  { method: 'GET', path: `${dossier}/archive`, scope, access: lire, handle: servirArchive },
  { method: 'GET', path: dossier, scope, access: lire, handle: montrerDossier },
  { method: 'GET', path: `${dossier}/pieces/:fichier`, scope, access: lire, handle: servirPiece },
  { method: 'GET', path: `${dossier}/documents/:document`, scope, access: lire, handle: servirDocument },
  { method: 'POST', path: `${dossier}/instruction`, scope, access: instruire, handle: prendre },
  { method: 'GET', path: `${dossier}/courriers`, scope, access: instruire, handle: montrerCourrier },
  { method: 'POST', path: `${dossier}/courriers`, scope, access: instruire, handle: envoyerUnCourrier },
  { method: 'POST', path: `${dossier}/courriers/essai`, scope, access: instruire, handle: essayerCourrier },
  { method: 'GET', path: `${dossier}/code`, scope, access: instruire, handle: montrerRenouvellement },
  { method: 'POST', path: `${dossier}/code`, scope, access: instruire, handle: renouveler },
  { method: 'GET', path: `${dossier}/code/fiche`, scope, access: instruire, handle: montrerFiche },
  { method: 'GET', path: `${dossier}/courriel`, scope, access: instruire, handle: montrerCourriel },
  { method: 'POST', path: `${dossier}/courriel`, scope, access: instruire, handle: corriger },
  { method: 'POST', path: `${dossier}/messages`, scope, access: instruire, body: 'files', handle: envoyerMessage },
  { method: 'GET', path: `${dossier}/corrections`, scope, access: instruire, handle: montrerCorrection },
  { method: 'POST', path: `${dossier}/corrections`, scope, access: instruire, handle: demander },
  { method: 'GET', path: `${dossier}/attribution`, scope, access: instruire, handle: montrerAttribution },
  { method: 'POST', path: `${dossier}/attribution`, scope, access: instruire, handle: attribuerDossier },
  { method: 'POST', path: `${dossier}/service`, scope, access: instruire, handle: changerDeService },
  { method: 'POST', path: `${dossier}/suivi`, scope, access: lire, handle: suivreDossier },
  { method: 'GET', path: `${dossier}/avis`, scope, access: instruire, handle: montrerDemande },
  { method: 'POST', path: `${dossier}/avis`, scope, access: instruire, handle: demanderUnAvis },
  { method: 'POST', path: `${dossier}/avis/:avis/rappel`, scope, access: instruire, handle: relancer },
  { method: 'POST', path: `${dossier}/avis/:avis/retrait`, scope, access: instruire, handle: retirerUnAvis },
  { method: 'GET', path: `${dossier}/avis/:avis/fichier`, scope, access: lire, handle: servirFichierDAvis },
  { method: 'POST', path: `${dossier}/etiquettes`, scope, access: instruire, handle: poserEtiquette },
  { method: 'POST', path: `${dossier}/etiquettes/:etiquette/retrait`, scope, access: instruire, handle: retirerEtiquette },
  { method: 'POST', path: `${dossier}/annotations/:etape`, scope, access: instruire, body: 'files', handle: annoterDossier },
  { method: 'GET', path: `${dossier}/retour`, scope, access: instruire, handle: montrerDecision(RETOUR) },
  { method: 'POST', path: `${dossier}/retour`, scope, access: instruire, handle: prendreDecision(RETOUR) },
  { method: 'GET', path: `${dossier}/corbeille`, scope, access: decider, handle: montrerMiseALaCorbeille },
  { method: 'POST', path: `${dossier}/corbeille`, scope, access: decider, handle: mettreALaCorbeille },
  { method: 'POST', path: `${dossier}/restauration`, scope, access: decider, handle: restaurerDossier },
  ...DECISIONS.flatMap((acte): Route[] => [
    { method: 'GET', path: `${dossier}/${acte.chemin}`, scope, access: decider, handle: montrerDecision(acte) },
    { method: 'POST', path: `${dossier}/${acte.chemin}`, scope, access: decider, handle: prendreDecision(acte) },
  ]),
  ...EMETTEURS.map(
    (acte): Route => ({ method: 'GET', path: `${dossier}/${acte.chemin}/document`, scope, access: decider, handle: montrerDocument(acte) }),
  ),
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
  { method: 'GET', path: `${dossier}/conservation`, scope, access: lire, handle: montrerConservation },
  { method: 'POST', path: `${dossier}/suspension`, scope, access: instruire, handle: suspendre },
  { method: 'POST', path: `${dossier}/remise`, scope, access: instruire, handle: remettre },
  { method: 'GET', path: `${dossier}/archives.zip`, scope, access: instruire, handle: enregistrerPourArchives },
  { method: 'GET', path: '/agent/effacements', scope, access: modifier, handle: montrerEffacements },
  { method: 'POST', path: '/agent/effacements/:id/confirmation', scope, access: modifier, handle: confirmerEffacement },
  { method: 'GET', path: '/agent/chiffres', scope, access: lire, handle: montrerChiffres },
  { method: 'GET', path: '/agent/chiffres.csv', scope, access: lire, handle: enregistrerChiffres },
  { method: 'GET', path: '/agent/chiffres/:demarche', scope, access: lire, handle: montrerChiffresDeLaDemarche },
  { method: 'GET', path: '/agent/corbeille', scope, access: decider, handle: montrerCorbeille },
  { method: 'GET', path: '/agent/etiquettes', scope, access: modifier, handle: montrerEtiquettes },
  { method: 'POST', path: '/agent/etiquettes', scope, access: modifier, handle: enregistrerLEtiquette },
  { method: 'POST', path: '/agent/etiquettes/:id/retrait', scope, access: modifier, handle: nePlusProposer },
  { method: 'POST', path: '/agent/etiquettes/:id/retablissement', scope, access: modifier, handle: proposerDeNouveau },
  { method: 'GET', path: '/agent/equipes', scope, access: gerer, handle: montrerEquipes },
  { method: 'POST', path: '/agent/equipes', scope, access: gerer, handle: enregistrer },
  { method: 'GET', path: '/agent/delegations', scope, access: gerer, handle: montrerDelegations },
  { method: 'POST', path: '/agent/delegations', scope, access: gerer, handle: accorder },
  { method: 'POST', path: '/agent/delegations/:id/retrait', scope, access: gerer, handle: retirer },
  { method: 'GET', path: '/agent/echeances', scope, access: lire, handle: montrerSilence },
  { method: 'GET', path: '/agent/journal', scope, access: journal, handle: montrerJournal },
]
