/** A message to one person. Texts may come from people: none can become a header. */
export interface MailMessage {
  /** The id of the sending (a UUID): it makes the Message-ID, the same at each try, so that a receiver may drop a double. */
  readonly envoiId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Shown as the sender: « Commune de Valnoir ». The address is the installation's own. */
  readonly fromName?: string | undefined
  /** Where an answer goes, the mairie. */
  readonly replyTo?: string | undefined
  readonly attachments?: readonly MailAttachment[] | undefined
}

export interface MailAttachment {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

/**
 * A message that did not leave. `isPermanent`: this address or this message is refused for good (SMTP 5xx, RFC 5321 §4.2.1), a person must be told;
 * otherwise try again later: the server was away, busy (4xx), or it is our own account that it refuses.
 */
export class MailFailure extends Error {
  override name = 'MailFailure'
  readonly isPermanent: boolean
  constructor(message: string, isPermanent: boolean, cause?: unknown) {
    super(message, { cause })
    this.isPermanent = isPermanent
  }
}

/** The Message-ID of a sending (RFC 5322 §3.6.4). */
export function messageIdOf(envoiId: string, domain: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(envoiId)) throw new TypeError('envoiId: letters, digits and hyphens only')
  return `<${envoiId}@${domain}>`
}

/** Whether a text is one plain address: no list, name, comment, quote, space or control, 254 characters at most (RFC 5321 §4.5.3.1.3). */
export const isPlainAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s\p{C}@<>()[\]\\,;:"]{1,64}@[^\s\p{C}@<>()[\]\\,;:"]+\.[^\s\p{C}@<>()[\]\\,;:".]+$/u.test(text)

/** A text fit for one header line: line ends and controls become spaces, 200 characters at most. */
export const headerText = (text: string): string =>
  [
    ...text
      .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
      .replace(/ {2,}/g, ' ')
      .trim(),
  ]
    .slice(0, 200)
    .join('')
