import type { Attachment } from 'postal-mime'
import { echecs } from './refusals.ts'

/** What a message that came back says of the one that we sent. */
export interface Retour {
  /** The id of the sending, read in the Message-ID of the message that is returned. */
  readonly envoiId: string
  /** `failed`: it will not arrive. `delayed`: it is still being tried. Anything else is good news. */
  readonly action: string
  /** Enhanced status (RFC 3463), such as `5.1.1`; '' when there is none. */
  readonly statut: string
}

/** Longer than any returned message whose headers matter: a mail server sends back the whole letter at times. */
export const RETOUR_MAX_BYTES = 2 * 1024 * 1024

/**
 * Reads a delivery status notification (RFC 3464, in a multipart/report of RFC 6522) about a message of ours, known by its Message-ID in `domain`.
 * Undefined for anything else: a letter, an automatic answer, a notification about somebody else's message.
 */
export async function lireRetour(bytes: Uint8Array, domain: string): Promise<Retour | undefined> {
  const parts = await partiesDe(bytes)
  const report = parts.find(({ mimeType }) => mimeType === 'message/delivery-status')
  const original = parts.find(({ mimeType }) => mimeType === 'message/rfc822' || mimeType === 'text/rfc822-headers')
  if (!report || !original) return undefined
  const id = /^<([0-9a-f-]{36})@([^>\s]+)>$/.exec(champ(texteDe(original).split(/\r?\n\r?\n/)[0] ?? '', 'message-id'))
  if (!id || id[2]?.toLowerCase() !== domain) return undefined
  // The first group is about the notification, each other about a recipient; ours have one.
  const about = texteDe(report)
    .split(/\r?\n(?:[ \t]*\r?\n)+/)
    .find(group => champ(group, 'action') !== '')
  if (!about) return undefined
  const statut = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(champ(about, 'status'))?.[0] ?? ''
  return { envoiId: id[1]!, action: champ(about, 'action').toLowerCase(), statut }
}

async function partiesDe(bytes: Uint8Array): Promise<readonly Attachment[]> {
  // On demand: the processes that serve never read a letter.
  const { default: PostalMime } = await import('postal-mime')
  try {
    const read = await PostalMime.parse(bytes, {
      forceRfc822Attachments: true,
      attachmentEncoding: 'utf8',
      maxNestingDepth: 10,
      maxHeadersSize: 65_536,
    })
    return read.attachments
  } catch {
    return [] // beyond the bounds, or not a message at all
  }
}

const texteDe = ({ content }: Attachment): string => (typeof content === 'string' ? content : new TextDecoder().decode(content))

/** The value of a field, its folded lines joined (RFC 5322 §2.2.3); '' when it is not there. */
function champ(headers: string, name: string): string {
  const lines = headers.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const found = lines.find(line => line.toLowerCase().startsWith(`${name}:`))
  return found?.slice(name.length + 1).trim() ?? ''
}

/** What the agent reads of a message that came back, by its status (RFC 3463 §3). */
export function raisonDuRetour(statut: string): string {
  const [, sujet, detail] = statut.split('.')
  if (statut.startsWith('4.') || sujet === '4') return echecs.retour_injoignable
  if (sujet === '1') return echecs.retour_adresse_inconnue
  if (sujet === '2') return detail === '2' ? echecs.retour_boite_pleine : echecs.retour_boite_fermee
  if (sujet === '7') return echecs.retour_filtre
  return echecs.adresse_refusee
}
