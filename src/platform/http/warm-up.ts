import type { FastifyInstance } from 'fastify'
import type { App } from '../app.ts'

/**
 * Visits public pages through the whole program, one at a time and behind real visitors, until the memory kept for pages is full: after a
 * restart the first visitor of a commune finds its page ready, and code already compiled. Never throws: it is only a convenience.
 * Gives how many pages were visited.
 */
export async function warmUp(app: App, server: FastifyInstance, paths: readonly string[]): Promise<number> {
  const { host } = new URL(app.origin)
  let visited = 0
  for (const url of paths) {
    if (app.cache.isFull || !server.server.listening) break
    const isDone = await server.inject({ url, headers: { host } }).then(
      () => true,
      () => false,
    )
    if (!isDone) break
    visited++
    await new Promise(resolve => setImmediate(resolve))
  }
  return visited
}
