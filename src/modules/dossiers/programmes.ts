/** What the module gives to those who serve other programs (`programmes.…`): the same commands and queries as agents have, under the same rules. */
export type { Auteur } from './commands/advance.ts'
export { annoterParValeurs } from './commands/annoter-par-valeurs.ts'
export { desetiqueter, etiqueter } from './commands/etiqueter.ts'
export {
  attribuer,
  type Cas,
  changerService,
  decider,
  demanderCorrection,
  ecrire,
  prendreEnInstruction,
  remettre,
  rouvrir,
} from './commands/instruire.ts'
export { noterLectures } from './commands/noter-lectures.ts'
export type { NatureEvenement } from './dossier.ts'
export { piecesDe } from './pieces.ts'
export { casDuDossier } from './queries/cas.ts'
export { documentsDuDossier, messagesDuDossier } from './queries/dossier.ts'
export { dossierComplet, messagesPourProgramme } from './queries/dossier-complet.ts'
export { etiquettesDe } from './queries/etiquettes.ts'
export { exportPourProgramme } from './queries/export-pour-programme.ts'
export { modelesPartages } from './queries/modeles-export.ts'
export { estDansLaPortee } from './queries/portee.ts'
export { type Changement, changementsDepuis, instantApres, listeDesDossiers, tetePour } from './queries/programmes.ts'
export { servicesDe } from './queries/services.ts'
export { refusals } from './refusals.ts'
export { titreDuChangement } from './titres.ts'
export { titreDeLEvenement } from './web/agent/mots.ts'
export { listerDemarches, servirDefinition } from './web/api/demarches.ts'
export { preparerLienPourUnProgramme, schemaPreRemplissage } from './web/api/pre-remplissages.ts'
