// Serves one answer of the program from memory, with the same HTTP library: what a page can cost at least.
import fastify from 'fastify'

const url = process.argv[2]!
const answer = await fetch(url, { headers: { 'accept-encoding': 'identity' } })
const { brotliCompressSync } = await import('node:zlib')
const body = brotliCompressSync(Buffer.from(await answer.arrayBuffer()))
const headers = Object.fromEntries(
  [...answer.headers].filter(([name]) => !/^(connection|keep-alive|date|transfer-encoding|content-length)$/.test(name)),
)
const server = fastify({ logger: false })
server.get('/page', (_request, reply) => reply.headers({ ...headers, 'content-encoding': 'br' }).send(body))
await server.listen({ port: 0, host: 'localhost' })
const address = server.server.address()
process.send!(`http://localhost:${typeof address === 'object' && address ? address.port : 0}/page`)
