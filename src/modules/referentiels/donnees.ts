import type { Donnees } from '../../platform/personal-data.ts'

const officiel = {
  traitement: 'organisation',
  personnes: [],
  duree: 'jusqu’à l’édition suivante',
  acces: 'tout le monde',
} as const
const liste = {
  traitement: 'organisation',
  personnes: [],
  duree: 'jusqu’à son remplacement ou sa suppression',
  acces: 'les agents ; les habitants, là où une question la propose',
} as const

/** What the columns of this module are. */
export const donnees: Donnees = {
  edition_officielle: {
    quoi: 'Quelle édition d’un registre est chargée',
    ...officiel,
    colonnes: { technique: 'registre version chargee_le' },
  },
  commune_officielle: {
    quoi: 'Une commune de France',
    ...officiel,
    colonnes: { publique: 'code nom codes_postaux departement region epci_code population' },
  },
  epci_officiel: { quoi: 'Une intercommunalité de France', ...officiel, colonnes: { publique: 'code nom population', technique: 'cle' } },
  nom_officiel: {
    quoi: 'Un nom sous lequel une commune se cherche',
    ...officiel,
    colonnes: { publique: 'code nom nature', technique: 'cle' },
  },
  fichier_adresses: {
    quoi: 'Le fichier d’adresses de la commune',
    ...officiel,
    colonnes: { technique: 'collectivite_id adresses voies importe_le' },
  },
  voie_locale: {
    quoi: 'Une voie de la commune',
    ...officiel,
    colonnes: { publique: 'interop nom commune code lat lon', technique: 'collectivite_id id cle' },
  },
  numero_local: {
    quoi: 'Un numéro dans une voie, et sa place',
    ...officiel,
    colonnes: { publique: 'numero suffixe interop lat lon', technique: 'collectivite_id voie_id' },
  },
  referentiel: {
    quoi: 'Une liste de la collectivité',
    ...liste,
    colonnes: {
      technique: 'collectivite_id id nom nature colonnes colonne_cle colonne_libelle lignes notes api modifie_le',
      pseudonyme: 'modifie_par',
      secret: 'secret',
    },
  },
  ligne_referentiel: {
    quoi: 'Une ligne d’une liste de la collectivité, qui n’a pas à contenir de données personnelles',
    ...liste,
    colonnes: { technique: 'collectivite_id referentiel_id cle rang recherche', publique: 'libelle valeurs' },
  },
}
