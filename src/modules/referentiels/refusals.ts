import { refusalTable } from '../../platform/refusal.ts'

/** What is refused about lists, in words that say what to do next. */
export const refusals = refusalTable({
  nom_absent: [422, 'Donnez un nom à la liste, par exemple « Écoles de la commune ».'],
  trop_de_listes: [409, 'Votre collectivité a déjà 100 listes. Supprimez-en une avant d’en ajouter une autre.'],
  liste_disparue: [404, 'Cette liste n’existe plus. Revenez à la page des listes.'],
  colonne_inconnue: [422, 'La liste n’a plus cette colonne. Choisissez-en une de la liste.'],
  cle_en_double: [
    422,
    'Cette colonne ne distingue pas les lignes : une case est vide, ou la même valeur revient. Choisissez-en une autre.',
  ],
  coordonnees: [422, 'Donnez une latitude et une longitude en degrés, par exemple lat=48.8385 et lon=-0.8893.'],
  libelle_vide: [422, 'Dans cette colonne, une case est vide : les personnes n’auraient rien à lire. Choisissez-en une autre.'],
})
