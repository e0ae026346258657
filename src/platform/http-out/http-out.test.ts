import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { isInNetworks, isInternal, networkOf } from './addresses.ts'
import { call, isAllowedUrl } from './call.ts'

test('networks are read as they are typed, or refused', () => {
  assert.equal(networkOf(' 198.51.100.7 '), '198.51.100.7/32')
  assert.equal(networkOf('10.0.0.0/8'), '10.0.0.0/8')
  assert.equal(networkOf('2001:DB8::/32'), '2001:db8::/32')
  assert.equal(networkOf('::1'), '::1/128')
  for (const wrong of [
    '',
    'x',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    'fe80::1%eth0',
    '10.0.0.0/',
    'exemple.fr/24',
  ])
    assert.equal(networkOf(wrong), undefined, wrong)
})

test('an address is in its own network and in that of its neighbours, never in another family', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
      assert.ok(isInNetworks(four, [networkOf(four)!]))
      assert.ok(isInNetworks(`::ffff:${four}`, [`${four}/24`]))
      assert.ok(isInNetworks(four, ['0.0.0.0/0']) && !isInNetworks(four, ['::/0']))
      const plain = networkOf(six)
      if (plain) assert.ok(isInNetworks(six, [plain]))
    }),
  )
  assert.ok(!isInNetworks('198.51.101.1', ['198.51.100.0/24']))
  assert.ok(!isInNetworks('pas une adresse', ['0.0.0.0/0']))
  assert.ok(!isInNetworks('198.51.100.1', []))
})

test('what may be called: https outside; this machine in demonstration only', () => {
  const cases: readonly (readonly [url: string, internet: boolean, demonstration: boolean])[] = [
    ['https://logiciel.example/x', true, true],
    ['http://logiciel.example/x', false, false],
    ['http://127.0.0.1:8080/', false, true],
    ['http://localhost/', false, true],
    ['http://localhost.example.org/', false, false],
    ['https://127.0.0.1/', false, true],
    ['https://10.0.0.1/', false, false],
    ['http://10.0.0.1/', false, false],
    ['https://moi@logiciel.example/', false, false],
    ['ftp://127.0.0.1/', false, false],
    ['file:///etc/passwd', false, false],
  ]
  for (const [url, internet, demonstration] of cases) {
    assert.equal(isAllowedUrl(new URL(url), 'internet'), internet, url)
    assert.equal(isAllowedUrl(new URL(url), 'demonstration'), demonstration, url)
  }
})

test('a host written to look like another is the address it leads to', () => {
  for (const url of [
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[64:ff9b::a00:1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[2002:7f00:1::]/',
    'https://１２７.0.0.1/',
    'https://0/',
  ])
    assert.equal(isAllowedUrl(new URL(url), 'internet'), false, url)
  for (const address of ['0.0.0.0', '169.254.169.254', '100.64.0.1', '::', '::127.0.0.1', 'fe80::1%eth0', 'x'])
    assert.ok(isInternal(address), address)
})

test('a target that switches protocols is answered, not waited for without end', async () => {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const answer = await call({ url, method: 'POST', body: '{}', timeoutMs: 2000, maxBytes: 100, reach: 'loopback' })
  assert.deepEqual(answer, { ok: true, status: 101, body: Buffer.alloc(0), isCut: false })
  server.close()
})
