import { once } from 'node:events'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

/** A message that the server took. */
export interface Prise {
  /** What its Message-ID says. */
  readonly id: string
  /** Whether somebody was still there when the server said so: a killed process leaves its connection closed. */
  readonly entendue: boolean
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
  const left = new WeakSet<object>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onClose: session => void left.add(session),
    onData(stream, session, callback) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', async () => {
        await sleep(lenteurMs)
        // What the system knows of a connection closed meanwhile is read before the word is said.
        for (let turn = 0; turn < 3; turn++) await setImmediate()
        const id = /^Message-ID:\s*<([^>@]+)@/im.exec(Buffer.concat(parts).toString('utf8'))?.[1]
        // Kept before it is said: as a mail server that has written its queue to disk.
        pris.push({ id: id ?? 'without Message-ID', entendue: !left.has(session) })
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
