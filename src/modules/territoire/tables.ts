/** The columns that queries of this module read, as the driver gives them. */
export interface CollectiviteRow {
  id: string
  nature: 'commune' | 'epci'
  nom: string
  chemin: string
  code: string
  siren: string | null
  codes_postaux: string[]
  population: number | null
  epci_id: string | null
  epci_code: string | null
  epci_nom: string | null
  departement: string | null
  departement_nom: string | null
  region: string | null
  hote: string | null
  fermee_le: Date | null
  remplacee_par: string | null
}

/** A row of `reglage`. */
export interface ReglageRow {
  adresse: string | null
  code_postal: string | null
  ville: string | null
  telephone: string | null
  courriel: string | null
  horaires: string | null
  site: string | null
  couleur: string | null
  logo: Buffer | null
}
