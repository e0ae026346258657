import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { ScannerUnavailable, scanWithClamd } from './clamd.ts'
import { eicar, instreamPeer } from './testing.ts'

test('bytes reach the scanner whole, and its word comes back', async t => {
  const peer = await instreamPeer()
  t.after(peer.close)
  const chunks = Array.from({ length: 40 }, (_, n) => Buffer.alloc(65_536, n))
  assert.deepEqual(await scanWithClamd(peer.address, chunks), { isClean: true })
  assert.ok(Buffer.concat(peer.received).equals(Buffer.concat(chunks)))
  assert.deepEqual(await scanWithClamd(peer.address, [Buffer.from(eicar)]), { isClean: false, signature: 'Eicar-Signature' })
})

test('no plain verdict is never a clean one', async t => {
  const open = async (behaviour: Parameters<typeof instreamPeer>[0]) => {
    const peer = await instreamPeer(behaviour)
    t.after(peer.close)
    return peer.address
  }
  const cases: [string, { host: string; port: number; timeoutMs: number }][] = [
    ['size limit', await open({ answer: 'INSTREAM size limit exceeded. ERROR' })],
    ['empty', await open({ answer: '' })],
    ['nonsense', await open({ answer: 'OK' })],
    ['silent', await open({ silent: true })],
    ['closed port', { host: '127.0.0.1', port: 1, timeoutMs: 400 }],
  ]
  for (const [what, address] of cases) await assert.rejects(scanWithClamd(address, [Buffer.from('abc')]), ScannerUnavailable, what)
})

test('a scanner that hangs up in the middle is unavailable', async t => {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => socket.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const chunks = Array.from({ length: 300 }, () => Buffer.alloc(65_536))
  await assert.rejects(scanWithClamd({ host: '127.0.0.1', port, timeoutMs: 500 }, chunks), ScannerUnavailable)
})
