import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'

/** A real mail server that keeps what it acknowledged: the Message-ID of each message, in the order in which they came. */
export interface Facteur {
  readonly url: string
  readonly pris: readonly string[]
  fermer(): Promise<void>
}

/** Opens it on this machine. `lenteurMs` is waited before each acknowledgement, so that a kill may fall during the conversation. */
export async function ouvrirFacteur(lenteurMs = 5): Promise<Facteur> {
  const pris: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, _session, callback) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () =>
        setTimeout(() => {
          const id = /^Message-ID:\s*<([^>@]+)@/im.exec(Buffer.concat(parts).toString('utf8'))?.[1]
          // Kept before it is said: as a mail server that has written its queue to disk.
          pris.push(id ?? 'without Message-ID')
          callback()
        }, lenteurMs),
      )
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
