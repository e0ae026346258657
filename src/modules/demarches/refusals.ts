import { refusalTable } from '../../platform/refusal.ts'

/** What is refused about démarches and their catalogue, in words that say what to do next. */
export const refusals = refusalTable({
  deja_adoptee: [409, 'Cette démarche est déjà proposée par votre collectivité. Ouvrez-la depuis la liste de vos démarches.'],
  modele_inconnu: [404, 'Ce modèle n’est plus dans le catalogue. Rechargez la page du catalogue pour voir ceux qui y sont.'],
  copie_absente: [
    409,
    'Les changements en cours ont été publiés ou abandonnés entre-temps. Rechargez la page pour repartir de la démarche.',
  ],
  changement_impossible: [422, 'Ce changement n’est pas possible.'],
  conflit: [409, 'Quelqu’un a changé la même chose entre-temps. Comparez les deux versions, puis choisissez.'],
  version_plus_recente: [409, 'Une version plus récente vient d’être proposée. Relisez ce qui change, puis choisissez.'],
  conflits_a_trancher: [422, 'Pour chaque point changé des deux côtés, dites lequel garder.'],
  defauts: [422, 'Cette démarche ne peut pas encore être publiée. Les points à corriger sont indiqués, avec le lien pour y aller.'],
  rien_a_publier: [409, 'Rien n’a changé depuis la dernière publication.'],
  rien_a_annuler: [409, 'Il n’y a rien à annuler.'],
  jamais_publiee: [409, 'Publiez d’abord cette démarche : on ne propose aux autres que ce qui est publié.'],
  dossiers_en_cours: [409, 'Des personnes ont déjà commencé cette démarche : fermez-la plutôt que de la supprimer.'],
  essai_en_cours: [409, 'Un essai de cette démarche n’est pas terminé. Terminez-le, ou attendez demain : les essais s’effacent la nuit.'],
  trop_de_modeles: [
    409,
    'Votre collectivité propose déjà 80 modèles aux autres. Retirez-en un du catalogue avant d’en proposer un nouveau.',
  ],
  aucun_modele: [422, 'Cochez au moins un modèle à diffuser.'],
  fichier_de_definition: [422, 'Ce fichier n’est pas une définition de démarche.'],
  titre_absent: [422, 'Donnez un titre à la démarche, par exemple « Emprunter du matériel ».'],
  titre_code: [422, 'Ce titre contient un code informatique, comme une balise. Écrivez-le seulement avec des mots.'],
  trop_de_demarches: [409, 'Votre collectivité a déjà 200 démarches. Supprimez-en une avant d’en créer une autre.'],
})
