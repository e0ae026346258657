import type { Donnees } from '../../platform/personal-data.ts'

const offre = { traitement: 'organisation', personnes: [], acces: 'tout le monde, une fois publiée' } as const
const edition = { traitement: 'organisation', personnes: ['agents'], acces: 'les administrateurs de la collectivité' } as const

/** What the columns of this module are. */
export const donnees: Donnees = {
  modele_demarche: {
    quoi: 'Une version d’un modèle du catalogue',
    ...offre,
    duree: 'sans limite',
    colonnes: { technique: 'id version empreinte publie_le origine_id lignee retire_le', pseudonyme: 'publie_par' },
  },
  definition_demarche: {
    quoi: 'Le texte d’une démarche',
    ...offre,
    duree: 'sans limite : un dossier garde la définition dans laquelle il a été rempli',
    colonnes: { technique: 'empreinte', publique: 'definition' },
  },
  demarche: {
    quoi: 'Une démarche de la collectivité',
    ...offre,
    duree: 'sans limite',
    colonnes: { technique: 'collectivite_id id modele_id modele_version est_ouverte modifiee_le revision empreinte' },
  },
  revision_demarche: {
    quoi: 'Une révision publiée',
    ...edition,
    duree: 'sans limite',
    colonnes: { technique: 'collectivite_id demarche_id numero empreinte modele_id modele_version publiee_le', pseudonyme: 'publiee_par' },
  },
  brouillon_demarche: {
    quoi: 'La copie de travail d’une démarche',
    ...edition,
    personnes: [],
    duree: 'jusqu’à sa publication ou son abandon',
    colonnes: { technique: 'collectivite_id demarche_id definition rang modele_id modele_version ouvert_le modifie_le' },
  },
  edition_demarche: {
    quoi: 'Un changement d’une copie de travail',
    ...edition,
    duree: 'jusqu’à la publication ou l’abandon de la copie',
    colonnes: { technique: 'collectivite_id demarche_id rang definition phrase annule le', pseudonyme: 'auteur_id' },
  },
  adoption: {
    quoi: 'Quelle collectivité utilise quel modèle',
    ...offre,
    duree: 'sans limite',
    colonnes: { technique: 'modele_id adoptant_id demarche_id version le' },
  },
  avis: {
    quoi: 'Ce qu’une personne pense d’une démarche, sans son nom ; le lien avec son dossier est coupé quand il est effacé',
    traitement: 'pilotage',
    personnes: ['habitants'],
    duree: 'sans limite, sans nom',
    acces: 'les agents : la note et la phrase ; tout le monde : la moyenne, à partir de cinq avis',
    colonnes: { technique: 'collectivite_id id demarche_id moment note le', pseudonyme: 'dossier_id', contenu: 'phrase' },
  },
}
