import type { Contenu } from './gabarit.ts'

/** A text in service or withdrawn, with its last version. */
export interface GabaritRow {
  id: string
  usage: string
  demarche_id: string | null
  version: number
  retire_le: Date | null
  contenu: Contenu
  le: Date
  par: string
}

/** A row of `version_gabarit`. */
export interface VersionRow {
  numero: number
  contenu: Contenu
  le: Date
  par: string
  reprise_de: number | null
}

/** A row of `signataire`. */
export interface SignataireRow {
  id: string
  nom: string
  qualite: string
  /** PNG. */
  image: Buffer | null
  version: number
  retire_le: Date | null
}
