import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import type { App } from '../app.ts'
import { PublicCache } from './public-cache.ts'
import { warmUp } from './warm-up.ts'

const app = (cache: PublicCache) => ({ origin: 'http://localhost:3000', cache }) as App

async function counting(cache: PublicCache, pageBytes: number, stopAt = Number.POSITIVE_INFINITY) {
  const server = Fastify()
  const seen: string[] = []
  server.get('/:commune', request => {
    seen.push(`${request.headers.host}${request.url}`)
    if (seen.length === stopAt) void server.close()
    const bytes = Buffer.alloc(pageBytes)
    cache.keep(request.url, 'x', { status: 200, type: 'text/html', identity: bytes, gzip: bytes, br: bytes }, cache.generation)
    return 'ok'
  })
  await server.listen({ port: 0 })
  return { server, seen }
}
const paths = Array.from({ length: 100 }, (_, i) => `/commune-${i}`)

test('pages are visited in order, with the host of the service, until the memory kept for them is full', async () => {
  const cache = new PublicCache(100_000)
  cache.setListening(true)
  const { server, seen } = await counting(cache, 1000)
  const visited = await warmUp(app(cache), server, paths)
  assert.equal(seen.length, visited)
  assert.deepEqual(seen.slice(0, 2), ['localhost:3000/commune-0', 'localhost:3000/commune-1'])
  assert.ok(visited > 40 && visited < 60, `${visited}`)
  assert.ok(cache.get('/commune-0'), 'the first is still kept')
  await server.close()
})

test('it stops when the server does, and a page that fails harms nobody', async () => {
  const cache = new PublicCache()
  const { server, seen } = await counting(cache, 10, 3)
  assert.ok((await warmUp(app(cache), server, paths)) < 10)
  assert.ok(seen.length < 10)
  const broken = Fastify()
  broken.get('/:commune', () => {
    throw new Error('database away')
  })
  await broken.listen({ port: 0 })
  await warmUp(app(cache), broken, paths.slice(0, 2))
  await broken.close()
})

test('while visitors are about, it waits', async () => {
  const cache = new PublicCache()
  const { server, seen } = await counting(cache, 10)
  const { port } = server.server.address() as { port: number }
  let isBusy = true
  const visitors = (async () => {
    while (isBusy) await (await fetch(`http://localhost:${port}/visiteur`)).text()
  })()
  while (seen.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
  const visiting = warmUp(app(cache), server, paths)
  await new Promise(resolve => setTimeout(resolve, 300))
  const own = () => seen.filter(address => address.includes('/commune-')).length
  const during = own()
  isBusy = false
  await visitors
  assert.equal(await visiting, 100)
  assert.ok(during < 10, `${during} pages prepared between visits`)
  await server.close()
})
