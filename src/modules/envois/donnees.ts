import type { Donnees } from '../../platform/personal-data.ts'

/** What the columns of this module are. */
export const donnees: Donnees = {
  envoi: {
    quoi: 'Un message écrit à une personne',
    traitement: 'envois',
    personnes: ['habitants', 'agents', 'personnes consultées'],
    duree: 'six mois, et jamais plus que le dossier dont il parle',
    acces: 'les agents qui lisent le dossier : le sujet et l’état ; la personne : le message',
    colonnes: {
      technique: 'collectivite_id id dossier_id canal etat tentatives erreur cree_le remis_le rattrape_le cle',
      contact: 'destinataire',
      contenu: 'sujet texte html',
    },
  },
}
