import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

/** A message that the server took. */
export interface Prise {
  /** What its Message-ID says. */
  readonly id: string
  /** When its connection was opened, and when the server said that it had taken it; by the clock of this process. */
  readonly ouverteMs: number
  readonly diteMs: number
}

/** A real mail server that keeps what it acknowledged, in the order in which it came. */
export interface Facteur {
  readonly url: string
  readonly pris: readonly Prise[]
  fermer(): Promise<void>
}

/** Opens it on this machine. `lenteurMs` is waited before each acknowledgement, so that a kill may fall during the conversation. */
export async function ouvrirFacteur(lenteurMs = 5): Promise<Facteur> {
  const pris: Prise[] = []
  const opened = new WeakMap<object, number>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onConnect(session, callback) {
      opened.set(session, performance.now())
      callback()
    },
    onData(stream, session, callback) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', async () => {
        await sleep(lenteurMs)
        const id = /^Message-ID:\s*<([^>@]+)@/im.exec(Buffer.concat(parts).toString('utf8'))?.[1]
        // Kept before it is said: as a mail server that has written its queue to disk.
        pris.push({ id: id ?? 'without Message-ID', ouverteMs: opened.get(session) ?? 0, diteMs: performance.now() })
        callback()
      })
    },
  })
  server.on('error', () => {}) // a client killed in the middle of a dialogue
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as { port: number }
  return {
    url: `smtp://127.0.0.1:${port}`,
    pris,
    fermer: () => new Promise(resolve => server.close(() => resolve())),
  }
}
