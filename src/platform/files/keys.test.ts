import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readMasterKeys, unwrapKey, wrapKey } from './keys.ts'
import { openFileStore } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'parvis-cles-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const lineOf = (id: string) => `${id} ${randomBytes(32).toString('base64')}\n`

test('the first start makes a private key, the second reads it, and two starts at once agree', async () => {
  const path = join(folder, 'secrets', 'documents.cle')
  const [one, two] = await Promise.all([readMasterKeys(path, true), readMasterKeys(path, true)])
  assert.ok(one[0].key.equals(two[0].key))
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(join(folder, 'secrets')), ['documents.cle'])
  assert.ok((await readMasterKeys(path, false))[0].key.equals(one[0].key))
})

test('a key that others may read is refused', async () => {
  const path = join(folder, 'ouverte.cle')
  writeFileSync(path, lineOf('v1'))
  chmodSync(path, 0o644)
  await assert.rejects(readMasterKeys(path, true), /lisible par d’autres/)
})

test('two versions are read, the current first; three, none, doubled or ill-written are refused', async () => {
  const path = join(folder, 'versions.cle')
  const read = (text: string) => {
    writeFileSync(path, text, { mode: 0o600 })
    return readMasterKeys(path, false)
  }
  const keys = await read(`# rotation\n${lineOf('v2')}${lineOf('v1')}`)
  assert.deepEqual(
    keys.map(version => version?.id),
    ['v2', 'v1'],
  )
  for (const text of ['', lineOf('v1') + lineOf('v1'), lineOf('a') + lineOf('b') + lineOf('c'), 'v1 court\n'])
    await assert.rejects(read(text), /clé maîtresse/)
})

test('a lost master key is not replaced while encrypted files exist', async () => {
  const files = join(folder, 'pleins')
  mkdirSync(join(files, 'une-collectivite'), { recursive: true })
  await assert.rejects(openFileStore({ folder: files, masterKeyPath: join(folder, 'perdue.cle') }), /restaurez-la/)
})

test('a wrapped key opens under its key and in its place only', () => {
  const [under, key] = [randomBytes(32), randomBytes(32)]
  const wrapped = wrapKey(under, key, 'ici')
  assert.equal(wrapped.length, 60)
  assert.ok(unwrapKey(under, wrapped, 'ici').equals(key))
  assert.throws(() => unwrapKey(under, wrapped, 'ailleurs'))
  assert.throws(() => unwrapKey(randomBytes(32), wrapped, 'ici'))
})
