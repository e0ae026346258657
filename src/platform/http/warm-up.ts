import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { App } from '../app.ts'

// A page takes about five milliseconds of the one thread: it is made only when nobody asked for anything for ten times as long.
const CALM_MS = 50
const PAUSE_MS = 5

/**
 * Visits public pages through the whole program, one at a time and only while no visitor is about, until the memory kept for pages is full: after a
 * restart the first visitor of a commune finds its page ready, and code already compiled. Never throws: it is only a convenience.
 * Gives how many pages were visited.
 */
export async function warmUp(app: App, server: FastifyInstance, paths: readonly string[]): Promise<number> {
  const { host } = new URL(app.origin)
  let askedAt = Number.NEGATIVE_INFINITY
  const onRequest = () => {
    askedAt = performance.now()
  }
  // Our own visits do not come by here: they have no socket.
  server.server.on('request', onRequest)
  let visited = 0
  for (const url of paths) {
    do await sleep(PAUSE_MS)
    while (server.server.listening && performance.now() < askedAt + CALM_MS)
    if (app.cache.isFull || !server.server.listening) break
    const isDone = await server.inject({ url, headers: { host } }).then(
      () => true,
      () => false,
    )
    if (!isDone) break
    visited++
  }
  server.server.off('request', onRequest)
  return visited
}
