import type { Donnees } from '../../platform/personal-data.ts'

const duree = 'celle du dossier : trois mois sans activité pour un brouillon ; après la décision, la durée de la démarche (60 mois au plus)'
const acces = 'la personne, et les agents de la collectivité autorisés à lire ce dossier'
const demande = { traitement: 'demandes', personnes: ['habitants', 'agents'], duree, acces } as const
const compte = { traitement: 'comptes', personnes: ['habitants'], acces: 'la personne' } as const
const chiffres = { traitement: 'pilotage', personnes: [], duree: 'sans limite' } as const

/** What the columns of this module are. */
export const donnees: Donnees = {
  dossier: {
    quoi: 'Une demande d’un habitant',
    ...demande,
    colonnes: {
      technique:
        'collectivite_id id reference demarche_id etat version canal code_version cree_le modifie_le depose_le silence_le correction_en_attente decide_le est_exemple revision definition essai service cache_le reponse_le a_indexer prevenu_le gel_le remis_le identite_le etape_atteinte',
      pseudonyme: 'usager_id agent_id gel_par remis_par',
      identite: 'demandeur_nom cle_nom',
      contact: 'demandeur_courriel',
      sensible: 'reponses reponses_correction report annotations',
      contenu: 'provenances gel_motif',
    },
  },
  evenement: {
    quoi: 'Ce qui est arrivé à une demande',
    ...demande,
    colonnes: {
      technique: 'collectivite_id dossier_id rang nature auteur_nature canal le sequence',
      pseudonyme: 'auteur_id',
      contenu: 'motif donnees',
    },
  },
  correction: {
    quoi: 'Ce que la mairie a demandé de corriger',
    ...demande,
    colonnes: {
      technique: 'collectivite_id dossier_id id motif champs echeance demandee_le repondue_le',
      pseudonyme: 'demandee_par',
      contenu: 'message',
    },
  },
  message: {
    quoi: 'Un message entre la personne et la mairie',
    ...demande,
    colonnes: {
      technique: 'collectivite_id dossier_id id auteur_nature le lu_le',
      pseudonyme: 'auteur_id',
      contenu: 'texte pieces',
    },
  },
  document: {
    quoi: 'Un document émis : accusé de réception, décision, attestation, courrier',
    ...demande,
    colonnes: {
      technique:
        'collectivite_id dossier_id id nature rang titre fichier_id emis_le revoque_le code empreinte gabarit_id gabarit_version scelle',
    },
  },
  demande_avis: {
    quoi: 'L’avis demandé à une personne consultée, et sa réponse',
    ...demande,
    personnes: ['habitants', 'agents', 'personnes consultées'],
    acces: 'les agents autorisés à lire ce dossier, la personne consultée, et la personne qui demande si l’avis n’est pas confidentiel',
    colonnes: {
      technique:
        'collectivite_id dossier_id id nature etapes pieces est_confidentielle echeance expire_le demandee_le relancee_le rappel_jours rappelee_le rendue_le retiree_le',
      pseudonyme: 'demandee_par retiree_par',
      identite: 'expert_nom',
      contact: 'expert_courriel',
      contenu: 'question reponse texte piece',
      secret: 'jeton_empreinte',
    },
  },
  suivi_agent: {
    quoi: 'Un dossier qu’un agent suit',
    ...demande,
    acces: 'l’agent lui-même',
    colonnes: { technique: 'collectivite_id dossier_id depuis', pseudonyme: 'agent_id' },
  },
  etiquette: {
    quoi: 'Une étiquette de la collectivité',
    traitement: 'organisation',
    personnes: [],
    duree: 'sans limite',
    acces: 'les agents',
    colonnes: { technique: 'collectivite_id id nom ton delai_jours en_jours_ouvres est_proposee' },
  },
  dossier_etiquette: {
    quoi: 'Une étiquette posée sur une demande',
    ...demande,
    acces: 'les agents autorisés à lire ce dossier',
    colonnes: { technique: 'collectivite_id dossier_id posee_le echeance', pseudonyme: 'posee_par', contenu: 'etiquette_id' },
  },
  terme: {
    quoi: 'Un mot ou une valeur par où une demande se retrouve',
    ...demande,
    acces: 'personne directement : la recherche des agents',
    colonnes: { technique: 'collectivite_id dossier_id depose_le', sensible: 'terme' },
  },
  indexation: {
    quoi: 'Les mots d’une demande, pour la recherche',
    ...demande,
    acces: 'personne directement : la recherche des agents',
    colonnes: { technique: 'collectivite_id dossier_id depose_le', sensible: 'termes' },
  },
  vue: {
    quoi: 'Une liste qu’un agent garde',
    traitement: 'demandes',
    personnes: ['agents'],
    duree: 'jusqu’à sa suppression',
    acces: 'l’agent, ou ses collègues si elle est partagée',
    colonnes: {
      technique: 'collectivite_id id est_partagee nom modifiee_le supprimee_le',
      pseudonyme: 'agent_id',
      contenu: 'choix',
    },
  },
  vue_par_defaut: {
    quoi: 'La liste sur laquelle s’ouvre la page d’un agent',
    traitement: 'demandes',
    personnes: ['agents'],
    duree: 'jusqu’à sa suppression',
    acces: 'l’agent',
    colonnes: { technique: 'collectivite_id vue_id', pseudonyme: 'agent_id' },
  },
  lot: {
    quoi: 'Un travail qu’un agent demande sur beaucoup de dossiers, un export',
    ...demande,
    personnes: ['agents'],
    duree: 'trente jours ; le fichier d’un export, 24 heures',
    acces: 'l’agent',
    colonnes: {
      technique: 'collectivite_id id acte defait_id cree_le lance_le arrete_le fini_le total faits erreur fichier_id expire_le',
      pseudonyme: 'agent_id',
      contenu: 'parametres',
    },
  },
  lot_dossier: {
    quoi: 'Un dossier de ce travail, et ce qu’il en est advenu',
    ...demande,
    duree: 'trente jours',
    acces: 'l’agent',
    colonnes: { technique: 'collectivite_id lot_id dossier_id rang version etat motif apres', contenu: 'avant' },
  },
  modele_export: {
    quoi: 'Un export qu’un agent garde',
    traitement: 'demandes',
    personnes: ['agents'],
    duree: 'jusqu’à sa suppression',
    acces: 'l’agent, ou ses collègues s’il est partagé',
    colonnes: { technique: 'collectivite_id id est_partage nom format modifie_le', pseudonyme: 'agent_id', contenu: 'choix' },
  },
  lecture: {
    quoi: 'Un dossier lu avec d’autres, dans un export',
    ...demande,
    traitement: 'preuve',
    colonnes: { technique: 'collectivite_id dossier_id rang' },
  },
  pre_remplissage: {
    quoi: 'Des réponses préparées pour quelqu’un',
    ...demande,
    duree: 'trente jours',
    acces: 'qui a le lien',
    colonnes: { technique: 'collectivite_id id demarche_id source cree_le expire_le', sensible: 'reponses' },
  },
  acces_dossier: {
    quoi: 'Un dossier ouvert avec son code par une session',
    ...compte,
    duree: 'celle de la session',
    colonnes: { technique: 'collectivite_id dossier_id ouvert_le', secret: 'session_empreinte' },
  },
  usager: {
    quoi: 'Une personne qui a prouvé son adresse électronique',
    ...compte,
    duree: 'deux ans sans connexion, ou jusqu’à sa demande',
    colonnes: { technique: 'id cree_le vu_le prevenu_le', contact: 'courriel' },
  },
  dossier_usager: {
    quoi: 'Une demande gardée dans « mes dossiers »',
    ...compte,
    duree: 'celle du compte ou du dossier',
    colonnes: { technique: 'collectivite_id dossier_id ajoute_le', pseudonyme: 'usager_id' },
  },
  lien_connexion: {
    quoi: 'Un lien de connexion à usage unique',
    ...compte,
    duree: 'un jour après sa fin',
    colonnes: { technique: 'cree_le expire_le utilise_le', contact: 'courriel', secret: 'empreinte' },
  },
  tombe: {
    quoi: 'Ce qui reste d’une demande effacée : démarche, dates, empreinte',
    traitement: 'preuve',
    personnes: [],
    duree: 'sans limite',
    acces: 'les administrateurs de la collectivité : leur nombre',
    colonnes: {
      technique: 'collectivite_id dossier_id demarche_id depose_le decide_le efface_le cause sort empreinte chiffres sequence service',
    },
  },
  retenue: {
    quoi: 'Un effacement trop nombreux, et qui l’a confirmé',
    traitement: 'preuve',
    personnes: ['agents'],
    duree: 'sans limite',
    acces: 'les administrateurs de la collectivité',
    colonnes: { technique: 'collectivite_id id constatee_le nombre total confirmee_le', pseudonyme: 'confirmee_par' },
  },
  chiffre_demarche: {
    quoi: 'Un compte par démarche et par mois',
    ...chiffres,
    acces: 'les agents',
    colonnes: { technique: 'collectivite_id demarche_id mois mesure cle nombre' },
  },
  calcul_chiffres: {
    quoi: 'Quand les chiffres ont été refaits',
    ...chiffres,
    acces: 'les agents',
    colonnes: { technique: 'collectivite_id le' },
  },
  chiffre_public: {
    quoi: 'Les chiffres publiés d’une démarche, sans les petits nombres',
    ...chiffres,
    acces: 'tout le monde',
    colonnes: { publique: 'du au chiffres', technique: 'collectivite_id demarche_id publie_le' },
  },
}
