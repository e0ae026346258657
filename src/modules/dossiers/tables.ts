import type { edition } from '../demarches/index.ts'
import type { Reponses } from '../formulaires/index.ts'
import type { AuteurNature, Canal, Etat, NatureEvenement } from './dossier.ts'
import type { ActeDeLot, Avant } from './lots/actes.ts'

/** A row of `dossier`, as the driver gives it. */
export interface DossierRow {
  id: string
  reference: string
  demarche_id: string
  /** The published revision of the démarche; 0 for a trial of a working copy. */
  revision: number
  /** Fingerprint of the definition in which it is filled in. */
  definition: string
  etat: Etat
  version: number
  canal: Canal
  usager_id: string | null
  code_version: number
  reponses: Reponses
  demandeur_nom: string | null
  demandeur_courriel: string | null
  cree_le: Date
  modifie_le: Date
  depose_le: Date | null
  silence_le: string | null
  agent_id: string | null
  correction_en_attente: boolean
  decide_le: Date | null
  est_exemple: boolean
  /** An agent trying the form: never filed. */
  essai: boolean
  report: Report | null
  provenances: Readonly<Record<string, string>>
  service: string | null
  /** What agents answered to the étapes reserved to them. */
  annotations: Reponses
  /** Since when it is out of the lists. */
  cache_le: Date | null
}

/** A row of `evenement`. */
export interface EvenementRow {
  rang: number
  nature: NatureEvenement
  auteur_nature: AuteurNature
  auteur_id: string | null
  canal: Canal
  le: Date
  motif: string | null
  donnees: Record<string, unknown>
}

/** A row of `correction`. */
export interface CorrectionRow {
  id: string
  motif: 'incorrect' | 'incomplet' | 'perime'
  message: string
  champs: string[]
  echeance: string
  demandee_le: Date
  repondue_le: Date | null
}

/** A row of `message`. */
export interface MessageRow {
  id: string
  auteur_nature: 'usager' | 'agent'
  auteur_id: string | null
  texte: string
  le: Date
  lu_le: Date | null
  pieces: readonly Piece[]
}

/** A file joined to a message or to an opinion. */
export interface Piece {
  readonly id: string
  readonly nom: string
  readonly tailleOctets: number
}

/** A row of `demande_avis`. */
export interface DemandeAvisRow {
  id: string
  dossier_id: string
  question: string
  nature: 'oui_non' | 'libre'
  expert_nom: string
  expert_courriel: string
  etapes: string[]
  pieces: string[]
  est_confidentielle: boolean
  echeance: string
  expire_le: Date
  demandee_le: Date
  demandee_par: string
  relancee_le: Date | null
  /** Days before `echeance` at which a reminder leaves by itself; null for none. */
  rappel_jours: number | null
  rappelee_le: Date | null
  rendue_le: Date | null
  reponse: 'oui' | 'non' | null
  texte: string | null
  piece: Piece | null
  retiree_le: Date | null
}

/** A row of `document`. */
export interface DocumentRow {
  id: string
  nature: 'accuse' | 'decision' | 'attestation' | 'courrier'
  rang: number
  titre: string
  fichier_id: string
  emis_le: Date
  revoque_le: Date | null
  /** Printed on it, to verify it; null for those issued before there was one. */
  code: string | null
  /** SHA-256 of the file, hexadecimal. */
  empreinte: string | null
}

/** A row of `lot`. */
export interface LotRow {
  id: string
  agent_id: string
  acte: ActeDeLot | 'exporter'
  parametres: Record<string, unknown>
  /** The batch that this one undoes. */
  defait_id: string | null
  cree_le: Date
  lance_le: Date | null
  arrete_le: Date | null
  fini_le: Date | null
  /** Rows of an export; null until they are counted. */
  total: number | null
  faits: number
  erreur: string | null
  fichier_id: string | null
  expire_le: Date | null
}

/** A row of `lot_dossier`. */
export interface LotDossierRow {
  dossier_id: string
  version: number
  etat: 'attente' | 'fait' | 'refuse'
  motif: string | null
  avant: Avant | null
  apres: number | null
}

/** What a new revision of the démarche did to a draft: told to the person until they have read it. */
export interface Report {
  readonly changements: readonly string[]
  /** Answers to questions no longer asked, or asked in another way. */
  readonly ecartees: readonly edition.Ecartee[]
}
