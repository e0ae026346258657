import type { Api } from './api.ts'

/** A row of `referentiel`, as the driver gives it. */
export interface ReferentielRow {
  id: string
  nom: string
  nature: 'fichier' | 'api'
  colonnes: string[]
  colonne_cle: string | null
  colonne_libelle: string | null
  lignes: number
  notes: string[]
  api: Api | null
  secret: Buffer | null
  modifie_le: Date
}

/** A row of `ligne_referentiel`. */
export interface LigneRow {
  cle: string
  libelle: string
  valeurs: Record<string, string>
}
