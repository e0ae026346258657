/** Why a message was not handed over, as the agent reads it. Not answers of a page: they are kept in `envoi.erreur`. */
export const echecs = {
  adresse_mal_ecrite: 'L’adresse électronique est mal écrite. Vérifiez-la auprès de la personne.',
  adresse_refusee:
    'Le serveur de messagerie de la personne a refusé ce message. Vérifiez l’adresse avec elle, ou joignez-la par téléphone.',
  en_attente: 'Le serveur de messagerie n’a pas pris ce message pour l’instant. Un nouvel essai est prévu, il n’y a rien à faire.',
  abandonne: 'Le serveur de messagerie n’a pas pris ce message malgré des essais pendant trois jours. Joignez la personne autrement.',
  retour_adresse_inconnue:
    'Le message est revenu : cette adresse électronique n’existe pas. Demandez à la personne la bonne adresse, ou joignez-la par téléphone.',
  retour_boite_pleine: 'Le message est revenu : la boîte de la personne est pleine. Joignez-la autrement.',
  retour_boite_fermee: 'Le message est revenu : la boîte de la personne ne reçoit plus de messages. Joignez-la autrement.',
  retour_filtre: 'Le message est revenu : le serveur de la personne l’a pris pour un message indésirable. Joignez-la autrement.',
  retour_injoignable: 'Le message est revenu : le serveur de la personne n’a pas répondu pendant plusieurs jours. Joignez-la autrement.',
} as const
