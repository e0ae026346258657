import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, systemClock } from '../clock.ts'
import { isUuid } from '../ids.ts'
import { headerText, isPlainAddress, MailFailure, type MailMessage, messageIdOf } from './message.ts'

export interface MailerConfig {
  /** `smtp://user:password@host:port` (STARTTLS) or `smtps://…`. Without it nothing leaves: messages are kept in memory. */
  readonly smtpUrl?: string | undefined
  /** The address that signs, and whose domain makes the Message-IDs. */
  readonly from: string
  /** Refuse to speak in clear. True when not given, except towards this very machine. */
  readonly requireTls?: boolean | undefined
  /** Silence after which the server is taken for absent; 20 s when not given. */
  readonly timeoutMs?: number | undefined
  /** Open connections at most; 3 when not given. */
  readonly maxConnections?: number | undefined
  /** Where it is kept that a message was taken until `forget`: a process killed before its writing does not hand it over twice. Without it, it may. */
  readonly takenFolder?: string | undefined
  readonly clock?: Clock | undefined
}

/** Sends messages until it is closed. */
export interface Mailer {
  /** Resolves once the server has taken the message, at once if it took it before; throws MailFailure, permanent or to be tried again. */
  send(message: MailMessage): Promise<{ readonly messageId: string }>
  /** That the server took this message is now written elsewhere: it need not be remembered here. */
  forget(envoiId: string): void
  /** Lets the messages on their way finish, then closes the connections. */
  close(): Promise<void>
}

/** The twin without a server: what was « sent » stays here, the last thousand. Sending the same envoiId again replaces it. */
export interface MemoryMailer extends Mailer {
  sent(): readonly (MailMessage & { readonly messageId: string })[]
}

/** The mailer of the configuration: SMTP when there is an address, otherwise the twin in memory. Throws when `from` or the address is ill-written. */
export function openMailer(config: MailerConfig): Mailer {
  return config.smtpUrl ? smtpMailer(config, config.smtpUrl) : memoryMailer(config)
}

/** The twin in memory, for the tests and the demonstration. It refuses what SMTP would refuse before connecting. */
export function memoryMailer(config: Pick<MailerConfig, 'from'>): MemoryMailer {
  const domain = domainOf(config.from)
  const kept = new Map<string, MailMessage & { readonly messageId: string }>()
  return {
    async send(message) {
      const { messageId } = checked(message, domain)
      kept.delete(messageId)
      kept.set(messageId, { ...message, messageId })
      const oldest = kept.keys().next().value
      if (kept.size > 1000 && oldest !== undefined) kept.delete(oldest)
      return { messageId }
    },
    forget() {},
    async close() {},
    sent: () => [...kept.values()],
  }
}

function smtpMailer(config: MailerConfig, smtpUrl: string): Mailer {
  const domain = domainOf(config.from)
  const options = transportOptions(config, new URL(smtpUrl))
  let opened: Promise<Awaited<ReturnType<typeof openTransport>>> | undefined
  const onTheirWay = new Set<Promise<unknown>>()
  const taken = config.takenFolder === undefined ? undefined : takenIn(config.takenFolder, config.clock ?? systemClock)
  return {
    async send(message) {
      const { messageId, fields } = checked(message, domain)
      if (taken?.has(message.envoiId)) return { messageId }
      opened ??= openTransport(options)
      const transport = await opened
      const sending = transport.sendMail({ ...fields, from: { name: headerText(message.fromName ?? ''), address: config.from } })
      onTheirWay.add(sending)
      try {
        await sending
        taken?.add(message.envoiId)
        return { messageId }
      } catch (error) {
        throw failureOf(error)
      } finally {
        onTheirWay.delete(sending)
      }
    },
    forget: envoiId => taken?.delete(envoiId),
    async close() {
      await Promise.allSettled(onTheirWay)
      const transport = await opened
      transport?.close()
    },
  }
}

const REMEMBERED_MS = 7 * 86_400_000

/**
 * The messages taken and not yet written as such, an empty file each. Written at once and not flushed: it is for a process that is killed, whose
 * writes the system keeps. A disk that refuses it only leaves the message where RFC 1047 leaves everybody's: it may leave twice.
 */
function takenIn(folder: string, clock: Clock) {
  const old = clock.now().getTime() - REMEMBERED_MS
  const pathOf = (envoiId: string) => {
    if (!isUuid(envoiId)) throw new TypeError('a message is known by a UUID')
    return join(folder, envoiId)
  }
  const unlessTheDiskRefuses = <T>(act: () => T): T | undefined => {
    try {
      return act()
    } catch {
      return undefined
    }
  }
  unlessTheDiskRefuses(() => {
    for (const name of readdirSync(folder)) if (statSync(join(folder, name)).mtimeMs < old) rmSync(join(folder, name), { force: true })
  })
  return {
    has: (envoiId: string) => unlessTheDiskRefuses(() => statSync(pathOf(envoiId))) !== undefined,
    add: (envoiId: string) =>
      unlessTheDiskRefuses(() => {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeFileSync(pathOf(envoiId), '')
      }),
    delete: (envoiId: string) => unlessTheDiskRefuses(() => rmSync(pathOf(envoiId), { force: true })),
  }
}

// Loaded by the first message: the process that serves pages sends none.
async function openTransport(options: ReturnType<typeof transportOptions>) {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(options)
  transport.on('error', () => {}) // an idle connection that the server closed: the pool opens another
  return transport
}

function transportOptions(config: MailerConfig, url: URL) {
  const isSecure = url.protocol === 'smtps:'
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  const timeoutMs = config.timeoutMs ?? 20_000
  const user = decodeURIComponent(url.username)
  return {
    pool: true as const,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : isSecure ? 465 : 587,
    secure: isSecure,
    requireTLS: !isSecure && (config.requireTls ?? !isHere),
    tls: { minVersion: 'TLSv1.2' as const },
    ...(user ? { auth: { user, pass: decodeURIComponent(url.password) } } : {}),
    maxConnections: config.maxConnections ?? 3,
    maxRequeues: 0, // a new try is the job's affair: it is counted and spaced there
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

// Addresses are passed as objects: a text would be parsed, and « a@x.fr, b@y.fr » would be two.
function checked(message: MailMessage, domain: string) {
  const messageId = messageIdOf(message.envoiId, domain)
  for (const address of [message.to, message.replyTo]) {
    if (address !== undefined && !isPlainAddress(address)) throw new MailFailure('adresse électronique mal écrite', true)
  }
  const fields = {
    messageId,
    to: { name: '', address: message.to },
    ...(message.replyTo ? { replyTo: { name: headerText(message.fromName ?? ''), address: message.replyTo } } : {}),
    subject: headerText(message.subject),
    text: message.text,
    html: message.html,
    // RFC 3834 §5: no « out of office » in answer to a program.
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': 'fr' },
    attachments: (message.attachments ?? []).map(({ name, type, bytes }) => ({
      filename: headerText(name),
      contentType: type,
      content: Buffer.from(bytes),
    })),
  }
  return { messageId, fields }
}

function domainOf(from: string): string {
  if (!isPlainAddress(from)) throw new TypeError('l’adresse d’expédition des courriels est mal écrite')
  return from.slice(from.lastIndexOf('@') + 1).toLowerCase()
}

// 5xx after RCPT or DATA is about this address or this message. A 5xx to our greeting, account or sender is about us: the address is not to blame, the job waits.
function failureOf(error: unknown): MailFailure {
  const {
    responseCode = 0,
    code,
    command = '',
    message,
  } = error as { responseCode?: number; code?: string; command?: string; message: string }
  const isAboutIt = (code === 'EENVELOPE' && command !== 'MAIL FROM') || code === 'EMESSAGE'
  const isPermanent = isAboutIt && responseCode >= 500 && responseCode < 600
  // The server's words may quote the address: they stay in `cause`, out of the log.
  return new MailFailure(`SMTP ${responseCode || code || 'sans réponse'}${command ? ` (${command})` : ''}`, isPermanent, new Error(message))
}
