import type { Donnees } from '../../platform/personal-data.ts'

const programmes = { traitement: 'demandes', personnes: ['agents'], acces: 'les administrateurs de la collectivité' } as const

/** What the columns of this module are. */
export const donnees: Donnees = {
  jeton_api: {
    quoi: 'Un jeton par lequel un autre logiciel lit ou traite les demandes',
    ...programmes,
    duree: 'sans limite : il prouve qui pouvait lire',
    colonnes: {
      technique:
        'collectivite_id id nom debut droits demarches voit_reserves reseaux fin cree_le revoque_le vu_le minute_depuis minute_appels',
      pseudonyme: 'cree_par revoque_par',
      secret: 'empreinte a_montrer',
    },
  },
  abonnement: {
    quoi: 'Un autre logiciel, prévenu de ce qui arrive aux demandes',
    ...programmes,
    duree: 'sans limite : il prouve qui était prévenu',
    colonnes: {
      technique:
        'collectivite_id id nom url demarches natures voit_reserves secret_fait_le precedent_jusqu_a curseur cree_le en_pause_le supprime_le echecs echoue_depuis prochain_le bail bail_jusqu_a',
      pseudonyme: 'secret_fait_par cree_par',
      secret: 'secret secret_precedent',
    },
  },
  livraison: {
    quoi: 'Un essai pour prévenir un autre logiciel : des identifiants',
    ...programmes,
    personnes: [],
    duree: 'sept jours',
    colonnes: {
      technique: 'collectivite_id abonnement_id id cle sequence nature dossier_id le duree_ms statut erreur est_remise',
    },
  },
}
