import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { type Clock, systemClock } from '../clock.ts'
import { alone, startThread } from '../thread.ts'
import { headerText, isPlainAddress, MailFailure, type MailMessage, messageIdOf } from './message.ts'
import type { Fate, Order, Post } from './smtp.thread.ts'
import { takenIn } from './taken.ts'

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

/** A message on its way: what to do when its fate is known. */
interface OnItsWay {
  readonly messageId: string
  resolve(sent: { readonly messageId: string }): void
  reject(failure: MailFailure): void
}

function smtpMailer(config: MailerConfig, smtpUrl: string): Mailer {
  const domain = domainOf(config.from)
  const post: Post = { options: transportOptions(config, new URL(smtpUrl)), takenFolder: config.takenFolder }
  const taken = config.takenFolder === undefined ? undefined : takenIn(config.takenFolder)
  taken?.forgetOld((config.clock ?? systemClock).now())
  let thread: Worker | undefined
  let number = 0
  const onTheirWay = new Map<number, OnItsWay>()

  // Started by the first message: the process that serves pages sends none.
  function open(): Worker {
    const worker = startThread(import.meta.url, 'smtp.thread', post)
    worker.on('message', ({ id, failure }: Fate) => {
      const message = onTheirWay.get(id)
      onTheirWay.delete(id)
      // As an idle connection would not: a thread that has nothing to do does not keep a process that has ended.
      if (onTheirWay.size === 0) worker.unref()
      if (failure) message?.reject(new MailFailure(failure.message, failure.isPermanent, new Error(failure.cause)))
      else message?.resolve({ messageId: message.messageId })
    })
    const leave = (why: unknown) => {
      if (thread !== worker) return
      thread = undefined
      for (const { reject } of onTheirWay.values()) reject(new MailFailure('le fil des courriels s’est arrêté', false, why))
      onTheirWay.clear()
    }
    worker.once('error', leave)
    worker.once('exit', leave)
    return worker
  }

  return {
    async send(message) {
      const { messageId, fields, attachments } = checked(message, domain)
      if (taken?.has(message.envoiId)) return { messageId }
      thread ??= open()
      const { promise, resolve, reject } = Promise.withResolvers<{ readonly messageId: string }>()
      const order: Order = {
        id: number++,
        envoiId: message.envoiId,
        fields: { ...fields, from: { name: headerText(message.fromName ?? ''), address: config.from } },
        attachments,
      }
      onTheirWay.set(order.id, { messageId, resolve, reject })
      thread.ref()
      thread.postMessage(order)
      return promise
    },
    forget: envoiId => taken?.delete(envoiId),
    async close() {
      if (!thread) return
      const gone = once(thread, 'exit')
      thread.ref()
      thread.postMessage('close')
      await gone
    },
  }
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
  }
  return {
    messageId,
    fields,
    attachments: (message.attachments ?? []).map(({ name, type, bytes }) => ({
      filename: headerText(name),
      contentType: type,
      content: alone(bytes),
    })),
  }
}

function domainOf(from: string): string {
  if (!isPlainAddress(from)) throw new TypeError('l’adresse d’expédition des courriels est mal écrite')
  return from.slice(from.lastIndexOf('@') + 1).toLowerCase()
}
