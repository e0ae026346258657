import type { Donnees } from '../../platform/personal-data.ts'

const textes = { traitement: 'organisation', personnes: ['agents'], acces: 'les administrateurs de la collectivité' } as const

/** What the columns of this module are. */
export const donnees: Donnees = {
  gabarit: {
    quoi: 'Un texte de la collectivité pour ses documents et ses messages',
    ...textes,
    personnes: [],
    duree: 'sans limite',
    colonnes: { technique: 'collectivite_id id usage demarche_id version cree_le retire_le' },
  },
  version_gabarit: {
    quoi: 'Une version d’un de ces textes',
    ...textes,
    duree: 'sans limite : un document émis dit de quelle version il vient',
    colonnes: { technique: 'collectivite_id gabarit_id numero contenu le reprise_de', pseudonyme: 'par' },
  },
  signataire: {
    quoi: 'Qui signe les documents',
    ...textes,
    duree: 'sans limite : un document émis porte sa signature',
    colonnes: { technique: 'collectivite_id id version modifie_le retire_le', identite: 'nom qualite image' },
  },
}
