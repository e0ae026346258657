import { isPlainAddress } from '../../platform/mail/message.ts'
import { echecs } from './refusals.ts'

export type EtatEnvoi = 'a_remettre' | 'remis' | 'refuse'

/** The worker waits exp(min(10, n)) s after the n-th try: 20 tries take a little less than three days. */
export const ESSAIS_AU_PLUS = 20

/** How long a message is kept, in months. */
export const CONSERVATION_MOIS = 6

/** What becomes of a message after a failed try. */
export interface ApresEchec {
  readonly etat: 'a_remettre' | 'refuse'
  readonly erreur: string
}

/** Decides after the `essai`-th try failed (from 1): refused for good when the server says so or when everything was tried, otherwise later. */
export function apresEchec(isPermanent: boolean, essai: number, destinataire: string): ApresEchec {
  if (isPermanent) return { etat: 'refuse', erreur: isPlainAddress(destinataire) ? echecs.adresse_refusee : echecs.adresse_mal_ecrite }
  if (essai >= ESSAIS_AU_PLUS) return { etat: 'refuse', erreur: echecs.abandonne }
  return { etat: 'a_remettre', erreur: echecs.en_attente }
}

/** A piece of a text: words, or an address to follow. */
export type Segment = string | { readonly href: string }

/** Cuts a text at its web addresses; joined again, the pieces give the text to the character. */
export function segmentsDe(texte: string): Segment[] {
  // The full stop or bracket that ends the sentence is not of the address.
  return texte
    .split(/(https?:\/\/[^\s<>"«»]*[^\s<>"«».,;:!?)\]}'’])/)
    .map((piece, index) => (index % 2 === 1 ? { href: piece } : piece))
    .filter(piece => piece !== '')
}
