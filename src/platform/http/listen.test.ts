import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import Fastify from 'fastify'
import { listen } from './listen.ts'

const freePort = () =>
  new Promise<number>(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

test('a crowd that comes at once is let in many at each turn of the loop, served, and the port is free after the close', async () => {
  const server = Fastify()
  server.get('/', () => 'ok')
  const port = await freePort()
  await listen(server, { port, host: '127.0.0.1' })
  let turns = 0
  let isOver = false
  const turn = () => {
    turns++
    if (!isOver) setImmediate(turn)
  }
  const enteredAt: number[] = []
  server.server.on('connection', () => enteredAt.push(turns))
  turn()
  const crowd = Array.from({ length: 64 }, () => connect(port, '127.0.0.1'))
  const answers = await Promise.all(
    crowd.map(
      socket =>
        new Promise<string>((resolve, reject) => {
          let text = ''
          socket.on('data', data => {
            text += data
          })
          socket.on('end', () => resolve(text))
          socket.on('error', reject)
          socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
        }),
    ),
  )
  isOver = true
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 200[\s\S]*ok$/)
  assert.equal(enteredAt.length, 64)
  // One at a turn would take sixty-four of them.
  const took = Math.max(...enteredAt) - Math.min(...enteredAt)
  assert.ok(took < 32, `${took} turns`)
  await server.close()
  await assert.rejects(
    new Promise((resolve, reject) => connect(port, '127.0.0.1').on('connect', resolve).on('error', reject)),
    /ECONNREFUSED/,
  )
})
