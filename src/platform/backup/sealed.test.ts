import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { BackupError } from './error.ts'
import { FrameWriter, type Preamble, readFrames } from './frames.ts'
import { type Opener, readPhrase } from './locks.ts'
import { readSealed, writeSealed } from './sealed.ts'

const folder = mkdtempSync(join(tmpdir(), 'parvis-scelle-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const phrase = { phrase: 'cinq mots pris au hasard' }
const pair = generateKeyPairSync('x25519')
const key = {
  publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
  privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
}
const preamble: Preamble = {
  format: 1,
  nature: 'territoire',
  territoire: { code: '14', nom: 'Essai' },
  creeLe: '2026-11-22T00:00:00.000Z',
  version: '0',
  migrations: [],
}
const long = randomBytes(200_000)

async function* content(writer = new FrameWriter(), cut = false) {
  yield writer.start(preamble)
  yield* writer.entry({ nom: 'a.csv', genre: 'table', table: 'public.a', colonnes: ['x'] }, [Buffer.from('x\n1\n')], () => 1)
  yield* writer.entry({ nom: 'fichiers/long', genre: 'document' }, [long])
  if (!cut) yield writer.end()
}

async function read(path: string, opener: Opener) {
  const entries: Buffer[] = []
  const { totals } = await readFrames(
    readSealed(path, opener),
    async () => {},
    async ({ bytes }) => {
      const parts: Buffer[] = []
      for await (const part of bytes) parts.push(Buffer.from(part))
      entries.push(Buffer.concat(parts))
    },
  )
  return { entries, totals }
}
const refused = (work: Promise<unknown>, sentence: RegExp) =>
  assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof BackupError, String(error.stack))
    assert.match(error.message, sentence)
    return true
  })

// Most tests go by the key: trying a phrase costs half a second, on purpose.
const opener = { privateKeyPem: key.privateKeyPem }
const lock = { publicKeyPem: key.publicKeyPem }
const whole = join(folder, 'entiere')
await writeSealed(whole, lock, content())

test('what is closed by a phrase, or for a key, is opened by it alone, and is what was put in', async () => {
  const byPhrase = join(folder, 'par-une-phrase')
  await writeSealed(byPhrase, phrase, content())
  for (const [path, by] of [
    [byPhrase, phrase],
    [whole, opener],
  ] as const) {
    const { entries, totals } = await read(path, by)
    assert.deepEqual(entries, [Buffer.from('x\n1\n'), long])
    assert.deepEqual(totals, { tables: 1, lignes: 1, fichiers: 0, octets: 200_004, manquants: 0 })
    assert.ok(!readFileSync(path).includes(long.subarray(0, 16)), 'nothing in clear')
  }
  const other = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  await refused(read(byPhrase, { phrase: 'cinq mots pris au hazard' }), /n’ouvre pas cette sauvegarde/)
  await refused(read(whole, { privateKeyPem: other }), /n’ouvre pas cette sauvegarde/)
  await refused(read(whole, phrase), /clé privée/)
  await refused(read(byPhrase, { privateKeyPem: other }), /phrase/)
})

test('a byte changed anywhere, or a file cut anywhere, is refused', async () => {
  const bytes = readFileSync(whole)
  const headerEnd = bytes.indexOf(10, 30) + 1
  const at = [30, headerEnd - 20, headerEnd, headerEnd + 5, headerEnd + 70_000, bytes.length - 17, bytes.length - 1]
  const path = join(folder, 'abimee')
  for (const place of at) {
    const altered = Buffer.from(bytes)
    altered[place]! ^= 1
    writeFileSync(path, altered)
    await refused(read(path, opener), /abîmée|n’ouvre pas/)
  }
  // The end of a sealed chunk is a place where a naive format would not notice.
  for (const length of [headerEnd, headerEnd + 3, headerEnd + 4 + 65_552, bytes.length - 16, bytes.length - 1]) {
    writeFileSync(path, bytes.subarray(0, length))
    await refused(read(path, opener), /abîmée/)
  }
  writeFileSync(path, Buffer.concat([bytes, Buffer.from('x')]))
  await refused(read(path, opener), /abîmée/)
})

test('a backup whose writing stopped is not one, even under its name', async () => {
  const path = join(folder, 'inachevee')
  await writeSealed(path, lock, content(undefined, true))
  await refused(read(path, opener), /coupée/)
})

test('what is not a backup, what is newer, what is absent: each is said', async () => {
  const path = join(folder, 'autre')
  writeFileSync(path, 'bonjour')
  await refused(read(path, opener), /n’est pas une sauvegarde/)
  writeFileSync(path, 'PARVIS-SAUVEGARDE 2\n{}\n')
  await refused(read(path, opener), /plus récente/)
  await refused(read(join(folder, 'absente'), opener), /ne se lit pas/)
})

test('a name taken is refused; a full disk is said, and leaves nothing', async () => {
  await refused(writeSealed(whole, lock, content()), /existe déjà/)
  const full = join(folder, 'plein')
  symlinkSync('/dev/full', `${full}.partiel`)
  await refused(writeSealed(full, lock, content()), /disque est plein/)
  assert.ok(!existsSync(full) && !existsSync(`${full}.partiel`))
})

test('a phrase that others can read, or too short, is refused', () => {
  const path = join(folder, 'phrase')
  writeFileSync(path, 'cinq mots pris au hasard\n', { mode: 0o600 })
  assert.equal(readPhrase(path), phrase.phrase)
  chmodSync(path, 0o644)
  assert.throws(() => readPhrase(path), /chmod 600/)
  writeFileSync(path, 'azerty')
  chmodSync(path, 0o600)
  assert.throws(() => readPhrase(path), /trop courte/)
})
