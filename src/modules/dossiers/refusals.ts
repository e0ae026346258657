import { refusalTable } from '../../platform/refusal.ts'

/** Everything that dossiers refuse, in words that say what to do next. */
export const refusals = refusalTable({
  auteur_interdit: [403, 'Cette action n’est pas ouverte à la personne qui la demande.'],
  etat_change: [409, 'Ce dossier a changé depuis que vous avez ouvert la page. Rechargez-la pour voir où il en est.'],
  page_perimee: [
    409,
    'Quelqu’un a agi sur ce dossier pendant que vous lisiez cette page. Rechargez-la, puis recommencez si c’est encore utile.',
  ],
  correction_en_attente: [409, 'Une demande de correction attend déjà une réponse. Attendez cette réponse avant d’aller plus loin.'],
  aucune_correction: [409, 'Aucune correction n’est demandée sur ce dossier, ou la réponse est déjà arrivée.'],
  cache: [409, 'Ce dossier est dans la corbeille. Restaurez-le avant d’agir.'],
  pas_cache: [409, 'Ce dossier n’est plus dans la corbeille.'],
  motif_absent: [422, 'Écrivez le motif : la personne le recevra, et la loi demande de l’indiquer.'],
  interdit_sous_silence: [409, 'Pour cette démarche, un dossier en cours d’examen ne peut pas revenir en arrière.'],
  hors_regime: [409, 'Le silence ne décide pas pour cette démarche.'],
  incomplet: [422, 'Il manque des réponses. Elles sont indiquées ci-dessous, avec le lien pour les compléter.'],
  etape_disparue: [
    409,
    'Cette page du formulaire n’est plus demandée. Ce que vous aviez écrit est ci-dessous : revenez à votre demande pour continuer.',
  ],
  essai_impossible: [422, 'Cette démarche ne peut pas encore être essayée : corrigez d’abord les points indiqués dans l’éditeur.'],
  avis_trop_tot: [409, 'Cet avis sera demandé après la réponse de la mairie.'],
  avis_sans_note: [422, 'Choisissez une note de 1 à 5, puis envoyez de nouveau votre avis.'],
  demarche_fermee: [410, 'Cette démarche n’est plus ouverte en ligne. Appelez la mairie : elle vous dira comment faire.'],
  code_inconnu: [
    422,
    'Cette référence et ce code ne vont pas ensemble. Vérifiez les deux dans le message ou sur le papier que vous avez reçu.',
  ],
  trop_essais: [429, 'Trop d’essais pour cette référence. Attendez un quart d’heure, ou appelez la mairie.'],
  trop_pieces: [422, 'Trop de documents pour cette question. Retirez-en un avant d’en ajouter un autre.'],
  lien_pre_rempli: [
    410,
    'Ce lien n’ouvre plus de réponses préparées : il date de plus de 30 jours, ou il a été mal recopié. Demandez-en un autre à qui vous l’a donné, ou commencez sans.',
  ],
  pre_remplissage_vide: [422, 'Donnez au moins une réponse : le lien la proposera à la personne.'],
  valeurs_absentes: [
    422,
    'Envoyez un objet JSON avec « valeurs » (un objet : identifiant de question, réponse) et, si vous voulez, « source » (120 caractères au plus).',
  ],
  valeurs_refusees: [422, 'Aucune de ces réponses n’est acceptée par le formulaire : « refuses » dit pourquoi, question par question.'],
  trop_pre_remplissages: [429, 'Trop de liens préparés en une heure pour cette collectivité. Réessayez dans une heure.'],
  message_vide: [422, 'Écrivez votre message avant de l’envoyer.'],
  echeance_passee: [422, 'Choisissez une date limite à venir, dans un an au plus.'],
  champs_absents: [422, 'Cochez au moins une réponse à corriger.'],
  courriel_invalide: [422, 'Indiquez une adresse électronique complète, par exemple nom@exemple.fr.'],
  lien_perime: [410, 'Ce lien n’est plus valable : il a déjà servi, ou il date de plus de 30 minutes. Demandez-en un nouveau.'],
  trop_liens: [
    429,
    'Plusieurs liens viennent d’être demandés pour cette adresse. Attendez un quart d’heure et regardez aussi vos courriers indésirables.',
  ],
})
