import type { Donnees } from '../../platform/personal-data.ts'

const officiel = { traitement: 'organisation', personnes: [], duree: 'sans limite', acces: 'tout le monde' } as const

/** What the columns of this module are. */
export const donnees: Donnees = {
  territoire: {
    quoi: 'Ce que cette installation sert',
    ...officiel,
    colonnes: { publique: 'nom code', technique: 'id registre_version demonstration ouvert_le porteur_id' },
  },
  collectivite: {
    quoi: 'Une commune ou une intercommunalité, d’après les registres officiels',
    ...officiel,
    colonnes: {
      publique: 'nature nom code siren codes_postaux population epci_code epci_nom departement departement_nom region region_nom',
      technique: 'id chemin epci_id hote ouverte_le fermee_le remplacee_par',
    },
  },
  nom_recherche: {
    quoi: 'Un nom sous lequel une commune se cherche',
    ...officiel,
    colonnes: { publique: 'nom', technique: 'cle collectivite_id nature' },
  },
  code_postal_recherche: {
    quoi: 'Un code postal d’une commune',
    ...officiel,
    colonnes: { publique: 'code_postal', technique: 'collectivite_id' },
  },
  reglage: {
    quoi: 'Comment joindre la collectivité',
    ...officiel,
    colonnes: {
      publique: 'adresse code_postal ville telephone courriel horaires site couleur logo',
      technique: 'collectivite_id source modifie_le',
    },
  },
}
