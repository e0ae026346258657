import type { Donnees } from '../../platform/personal-data.ts'

const equipe = { traitement: 'comptes', personnes: ['agents'], acces: 'les administrateurs de la collectivité' } as const

/** What the columns of this module are. */
export const donnees: Donnees = {
  agent: {
    quoi: 'Le compte d’un agent',
    ...equipe,
    duree: 'sans limite : le nom de qui a signé une décision doit rester lisible',
    colonnes: {
      technique: 'id totp_dernier_pas invitation_expire_le cree_le',
      identite: 'nom',
      contact: 'courriel',
      secret: 'mot_de_passe totp_secret invitation_empreinte',
    },
  },
  habilitation: {
    quoi: 'Un rôle donné à un agent, avec ses dates',
    ...equipe,
    duree: 'sans limite : elle prouve qui pouvait agir',
    colonnes: { technique: 'collectivite_id role accordee_le retiree_le', pseudonyme: 'agent_id accordee_par' },
  },
  equipe: {
    quoi: 'L’équipe d’un service',
    ...equipe,
    personnes: [],
    duree: 'jusqu’à son retrait',
    colonnes: { technique: 'collectivite_id service reservee creee_le' },
  },
  equipe_agent: {
    quoi: 'Un agent dans une équipe',
    ...equipe,
    duree: 'jusqu’à son départ de l’équipe',
    colonnes: { technique: 'collectivite_id service ajoute_le', pseudonyme: 'agent_id' },
  },
  delegation: {
    quoi: 'Des dossiers confiés à un agent d’ailleurs, entre deux jours',
    ...equipe,
    duree: 'sans limite : elle prouve qui pouvait agir',
    colonnes: {
      technique: 'collectivite_id id roles demarche_id service du au accordee_le retiree_le',
      pseudonyme: 'agent_id accordee_par retiree_par',
      contenu: 'motif',
    },
  },
}
