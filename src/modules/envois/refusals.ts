/** Why a message was not handed over, as the agent reads it. Not answers of a page: they are kept in `envoi.erreur`. */
export const echecs = {
  adresse_mal_ecrite: 'L’adresse électronique est mal écrite. Vérifiez-la auprès de la personne.',
  adresse_refusee:
    'Le serveur de messagerie de la personne a refusé ce message. Vérifiez l’adresse avec elle, ou joignez-la par téléphone.',
  en_attente: 'Le serveur de messagerie n’a pas pris ce message pour l’instant. Un nouvel essai est prévu, il n’y a rien à faire.',
  abandonne: 'Le serveur de messagerie n’a pas pris ce message malgré des essais pendant trois jours. Joignez la personne autrement.',
} as const
