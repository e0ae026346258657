/** A row of `envoi`, as the queries of this module read it. */
export interface EnvoiRow {
  id: string
  dossier_id: string | null
  destinataire: string
  sujet: string
  texte: string
  html: string
  etat: 'a_remettre' | 'remis' | 'refuse'
  tentatives: number
  erreur: string | null
  cree_le: Date
  remis_le: Date | null
}
