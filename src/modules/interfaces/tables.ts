/** A row of `jeton_api`, as pages need it. */
export interface JetonRow {
  readonly id: string
  readonly nom: string
  readonly debut: string
  readonly droits: readonly string[]
  readonly demarches: readonly string[] | null
  readonly voit_reserves: boolean
  readonly reseaux: readonly string[]
  /** The last day on which it serves, where the collectivité is. */
  readonly fin: string
  readonly cree_le: Date
  readonly cree_par: string
  readonly revoque_le: Date | null
  readonly revoque_par: string | null
  readonly a_montrer: Buffer | null
  readonly vu_le: Date | null
}

/** A row of `abonnement`. */
export interface AbonnementRow {
  readonly id: string
  readonly nom: string
  readonly url: string
  readonly demarches: readonly string[] | null
  readonly natures: readonly string[] | null
  readonly voit_reserves: boolean
  readonly secret: Buffer
  readonly secret_fait_le: Date
  readonly secret_fait_par: string
  readonly secret_precedent: Buffer | null
  readonly precedent_jusqu_a: Date | null
  readonly curseur: number
  readonly cree_le: Date
  readonly cree_par: string
  readonly en_pause_le: Date | null
  readonly echecs: number
  readonly echoue_depuis: Date | null
  readonly prochain_le: Date | null
}

/** A row of `livraison`: one attempt. */
export interface LivraisonRow {
  readonly id: string
  readonly cle: string
  readonly sequence: number | null
  readonly nature: string
  readonly dossier_id: string | null
  readonly le: Date
  readonly duree_ms: number
  readonly statut: number | null
  readonly erreur: string | null
  readonly est_remise: boolean
}
