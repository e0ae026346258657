/** A row of `agent`. */
export interface AgentRow {
  id: string
  courriel: string
  nom: string
  mot_de_passe: string | null
  totp_secret: Buffer | null
  totp_dernier_pas: number
}
