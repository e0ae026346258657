import { refusalTable } from '../../platform/refusal.ts'

/** What this module refuses: code → status and sentence. */
export const refusals = refusalTable({
  identifiants: [422, 'L’adresse ou le mot de passe ne convient pas. Vérifiez les deux, puis essayez de nouveau.'],
  trop_d_essais: [429, 'Trop d’essais en peu de temps pour ce compte. Attendez trois minutes, puis essayez de nouveau.'],
  trop_de_codes: [
    429,
    'Trop de codes faux aujourd’hui pour ce compte. Prévenez la personne qui administre Parvis dans votre collectivité : quelqu’un connaît peut-être votre mot de passe.',
  ],
  code: [
    422,
    'Ce code ne convient pas : il est faux, périmé ou a déjà servi. Attendez que l’application en affiche un nouveau, puis tapez-le. Si cela recommence, vérifiez l’heure de votre téléphone.',
  ],
  session: [401, 'Votre session est terminée. Connectez-vous de nouveau, puis recommencez.'],
  sans_role: [
    403,
    'Votre compte ne donne pas accès à cette collectivité. Demandez un rôle à la personne qui y administre Parvis, ou choisissez une autre collectivité.',
  ],
  sans_permission: [
    403,
    'Vos rôles ne permettent pas cela. Demandez à la personne qui administre Parvis dans votre collectivité de vous ajouter le rôle qu’il faut.',
  ],
  invitation: [
    410,
    'Ce lien d’invitation n’est plus valable : il a déjà servi, il a plus de 72 heures, ou un lien plus récent l’a remplacé. Si votre compte est ouvert, connectez-vous ; sinon, demandez une nouvelle invitation à la personne qui vous a invité.',
  ],
  mot_de_passe_court: [
    422,
    'Ce mot de passe est trop court. Choisissez au moins 12 caractères, par exemple quatre mots sans lien entre eux.',
  ],
  mot_de_passe_courant: [
    422,
    'Ce mot de passe fait partie de ceux que l’on essaie en premier. Choisissez par exemple quatre mots sans lien entre eux.',
  ],
  mot_de_passe_courriel: [422, 'Ce mot de passe est votre adresse électronique. Choisissez par exemple quatre mots sans lien entre eux.'],
  deja_dans_l_equipe: [409, 'Cette personne fait déjà partie de l’équipe. Ouvrez sa ligne dans la liste pour changer ses rôles.'],
  compte_ouvert: [409, 'Cette personne a déjà ouvert son compte : elle n’a pas besoin d’une nouvelle invitation.'],
  dernier_administrateur: [
    409,
    'Cette personne est la seule à administrer la collectivité avec un compte ouvert. Donnez d’abord le rôle d’administrateur à quelqu’un d’autre, et attendez que cette personne ait ouvert son compte.',
  ],
  sans_roles: [422, 'Cochez au moins un rôle. Pour que la personne n’ait plus aucun accès, utilisez « Retirer l’accès ».'],
  rien_a_rendre: [409, 'Cette personne a déjà accès à la collectivité.'],
  collectivite: [404, 'Aucune collectivité n’a cette adresse. Donnez la fin de l’adresse de sa page, par exemple vire-normandie.'],
  courriel: [422, 'Cette adresse électronique est mal écrite. Exemple : prenom.nom@mairie.example'],
  nom: [422, 'Écrivez le prénom et le nom de la personne.'],
  equipe_vide: [422, 'Une équipe réservée doit avoir au moins une personne : sinon, plus personne ne pourrait ouvrir ces dossiers.'],
  delegation_inconnu: [
    422,
    'Aucun agent d’une autre collectivité n’a de compte ouvert à cette adresse. Vérifiez-la ; si la personne travaille chez vous, invitez-la plutôt dans l’équipe.',
  ],
  delegation_ici: [422, 'Cette personne travaille déjà ici : changez plutôt ses rôles dans l’équipe.'],
  delegation_sans_role: [422, 'Cochez au moins un rôle.'],
  delegation_jours: [422, 'Donnez le premier et le dernier jour.'],
  delegation_passee: [422, 'Le dernier jour doit être à venir, et après le premier.'],
  delegation_longue: [422, 'Une délégation dure un an au plus. Vous pourrez en accorder une autre ensuite.'],
  delegation_motif: [422, 'Écrivez pourquoi : la personne et le journal en gardent la trace.'],
  delegation_chevauche: [
    409,
    'Cette personne a déjà une délégation avec d’autres rôles sur une partie de ces jours. Donnez les mêmes rôles, ou retirez d’abord l’autre.',
  ],
  delegation_finie: [409, 'Cette délégation est déjà retirée.'],
})
