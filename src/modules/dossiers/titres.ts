import type { NatureEvenement } from './dossier.ts'

/** What happened, as the history says it. */
export const titreDeLEvenement: Readonly<Record<NatureEvenement, string>> = {
  ouvrir: 'Brouillon commencé',
  deposer: 'Demande déposée',
  prendre_en_instruction: 'Dossier pris en charge',
  demander_correction: 'Correction demandée',
  repondre_correction: 'Correction reçue',
  repasser_en_construction: 'Retour à l’étape précédente',
  accepter: 'Demande acceptée',
  refuser: 'Demande refusée',
  classer_sans_suite: 'Demande classée sans suite',
  accepter_auto: 'Demande acceptée sans intervention',
  refuser_auto: 'Demande refusée par le silence',
  rouvrir: 'Dossier rouvert',
  ecrire: 'Message envoyé',
  attribuer: 'Dossier attribué',
  changer_service: 'Service en charge changé',
  annoter: 'Annotations mises à jour',
  etiqueter: 'Étiquette posée',
  desetiqueter: 'Étiquette retirée',
  demander_avis: 'Avis demandé',
  relancer_avis: 'Avis relancé',
  rendre_avis: 'Avis rendu',
  retirer_avis: 'Demande d’avis retirée',
  cacher: 'Mis à la corbeille',
  restaurer: 'Sorti de la corbeille',
  effacer_identite: 'Pièces d’identité effacées',
  rectifier: 'Coordonnées rectifiées par la personne',
  envoyer_courrier: 'Courrier envoyé',
  corriger_courriel: 'Adresse électronique corrigée',
  renouveler_code: 'Nouveau code donné à la personne',
}

/** The same for other programs, to whom an erasure is told too: it leaves no event behind it. */
export const titreDuChangement: Readonly<Record<NatureEvenement | 'effacer', string>> = { ...titreDeLEvenement, effacer: 'Dossier effacé' }
