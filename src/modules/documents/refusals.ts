import { refusalTable } from '../../platform/refusal.ts'

/** What is refused about the texts of documents and messages, and who signs. */
export const refusals = refusalTable({
  gabarit_incomplet: [422, 'Ce texte ne peut pas être enregistré. Corrigez les points indiqués.'],
  gabarit_perime: [
    409,
    'Quelqu’un a enregistré une autre version de ce texte pendant que vous écriviez. Vos mots sont ci-dessous : comparez avec la version enregistrée, puis recommencez.',
  ],
  gabarit_existe: [409, 'Un texte existe déjà pour cet usage et cette démarche. Ouvrez-le dans la liste pour le modifier.'],
  gabarit_inchange: [422, 'Rien n’a changé depuis la version enregistrée.'],
  usage_inconnu: [422, 'Choisissez à quoi servira ce texte.'],
  demarche_inconnue: [422, 'Choisissez une démarche de la liste, ou toutes les démarches.'],
  signataire_incomplet: [422, 'Écrivez le nom et la qualité de la personne qui signe.'],
  signataire_perime: [
    409,
    'Quelqu’un a changé cette signature pendant que vous l’écriviez. Vos mots sont ci-dessous : vérifiez, puis recommencez.',
  ],
  trop_de_signataires: [409, 'Trente signatures au plus. Retirez-en une avant d’en ajouter une autre.'],
  image_illisible: [422, 'Cette image ne peut pas être lue. Choisissez une image PNG ou JPEG de 1 Mo au plus.'],
  specimen_impossible: [409, 'Ce texte ne peut pas encore être montré. Corrigez d’abord les points indiqués sur sa page.'],
})
