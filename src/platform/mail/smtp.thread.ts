// The conversation with the mail server, in a thread of its own: while the process composes a document or reads an image, the server's word would
// wait to be read, and a process killed meanwhile would hand the message over again.
import { parentPort, workerData } from 'node:worker_threads'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js'
import { takenIn } from './taken.ts'

/** What the thread is started with. */
export interface Post {
  readonly options: SMTPPool.Options
  /** Where it is kept that the server took a message. */
  readonly takenFolder: string | undefined
}

/** A message to hand over. `close` instead: the last ones finish, then the thread ends. */
export interface Order {
  readonly id: number
  readonly envoiId: string
  readonly fields: SendMailOptions
  readonly attachments: readonly { readonly filename: string; readonly contentType: string; readonly content: Uint8Array }[]
}

/** What became of it: taken, unless it says how it failed. */
export interface Fate {
  readonly id: number
  readonly failure?: { readonly message: string; readonly isPermanent: boolean; readonly cause: string }
}

const { options, takenFolder } = workerData as Post
const taken = takenFolder === undefined ? undefined : takenIn(takenFolder)
const transport = createTransport(options)
transport.on('error', () => {}) // an idle connection that the server closed: the pool opens another
const onTheirWay = new Set<Promise<void>>()

parentPort!.on('message', (order: Order | 'close') => {
  if (order === 'close') return close()
  const sending = handOver(order).finally(() => onTheirWay.delete(sending))
  onTheirWay.add(sending)
})

async function handOver({ id, envoiId, fields, attachments }: Order): Promise<void> {
  let fate: Fate = { id }
  try {
    await transport.sendMail({ ...fields, attachments: attachments.map(one => ({ ...one, content: Buffer.from(one.content) })) })
    taken?.add(envoiId)
  } catch (error) {
    fate = { id, failure: failureOf(error) }
  }
  parentPort!.postMessage(fate)
}

async function close(): Promise<void> {
  await Promise.all(onTheirWay)
  transport.close()
  parentPort!.close()
}

// 5xx after RCPT or DATA is about this address or this message. A 5xx to our greeting, account or sender is about us: the address is not to blame, the job waits.
function failureOf(error: unknown): NonNullable<Fate['failure']> {
  const {
    responseCode = 0,
    code,
    command = '',
    message,
  } = error as { responseCode?: number; code?: string; command?: string; message: string }
  const isAboutIt = (code === 'EENVELOPE' && command !== 'MAIL FROM') || code === 'EMESSAGE'
  const isPermanent = isAboutIt && responseCode >= 500 && responseCode < 600
  // The server's words may quote the address: they stay in `cause`, out of the log.
  return { message: `SMTP ${responseCode || code || 'sans réponse'}${command ? ` (${command})` : ''}`, isPermanent, cause: message }
}
