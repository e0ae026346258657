import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { sql } from 'kysely'
import sharp from 'sharp'
import { inTenant } from '../db/open.ts'
import { testDatabase } from '../db/testing.ts'
import { newId } from '../ids.ts'
import {
  destroyFile,
  type FileStore,
  filesOf,
  inspectFile,
  openFile,
  openFileStore,
  receiveFile,
  recordFile,
  resealCollectiviteKey,
  ScannerUnavailable,
  StorageFailure,
  storeGenerated,
  sweepOrphans,
} from './index.ts'
import { docx, eicar, heicPhoto, instreamPeer, odt, pdf, scannedPdf, zip } from './testing.ts'

const { app, owner } = await testDatabase()
const root = mkdtempSync(join(tmpdir(), 'parvis-fichiers-'))
after(() => rmSync(root, { recursive: true, force: true }))
const masterKeyPath = join(root, 'maitresse.cle')
const store = await openFileStore({ folder: join(root, 'fichiers'), masterKeyPath })
const [here, elsewhere] = [await newCollectivite('ici'), await newCollectivite('ailleurs')]

async function newCollectivite(chemin: string): Promise<string> {
  const id = newId()
  await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${id}, 'commune', ${chemin}, ${chemin}, ${chemin}, now())`.execute(
    owner.kysely,
  )
  return id
}

async function given(name: string, bytes: Buffer, into: FileStore = store): Promise<string> {
  // In pieces, as a network brings them.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 60_000) }, (_, n) => bytes.subarray(n * 60_000, (n + 1) * 60_000))
  const received = await receiveFile(into, Readable.from(pieces), { collectiviteId: here, name })
  assert.ok(received.ok, `${name}: ${received.ok ? '' : received.refusal.code}`)
  return inTenant(app, here, tx => recordFile(into, tx, received.value))
}

async function inspected(name: string, bytes: Buffer, into: FileStore = store) {
  const fichierId = await given(name, bytes, into)
  const state = await inspectFile(into, app, { collectiviteId: here, fichierId })
  const [summary] = await inTenant(app, here, tx => filesOf(tx, here, [fichierId]))
  assert.ok(summary)
  assert.equal(summary.state, state)
  return { ...summary, fichierId }
}

async function bytesOf(fichierId: string, from: FileStore = store): Promise<Buffer> {
  const opened = await inTenant(app, here, tx => openFile(from, tx, { collectiviteId: here, fichierId }))
  assert.ok(opened.ok)
  return Buffer.concat(await opened.value.stream.toArray())
}

test('a file waits until it is inspected, then opens; inspecting again changes nothing', async () => {
  const fichierId = await given('acte de naissance.pdf', pdf(150_000))
  const address = { collectiviteId: here, fichierId }
  const early = await inTenant(app, here, tx => openFile(store, tx, address))
  assert.ok(!early.ok && early.refusal.code === 'fichier_en_verification')
  assert.equal(await inspectFile(store, app, address), 'disponible')
  assert.equal(await inspectFile(store, app, address), 'disponible')
  assert.ok((await bytesOf(fichierId)).equals(pdf(150_000)))
  const [summary] = await inTenant(app, here, tx => filesOf(tx, here, [fichierId]))
  assert.equal(summary?.antivirus, 'aucun antivirus configuré')
})

test('another collectivité finds nothing, under its own scope or with the wrong one', async () => {
  const { fichierId } = await inspected('acte.pdf', pdf())
  for (const [scope, collectiviteId] of [
    [elsewhere, elsewhere],
    [elsewhere, here],
  ] as const) {
    const opened = await inTenant(app, scope, tx => openFile(store, tx, { collectiviteId, fichierId }))
    assert.ok(!opened.ok && opened.refusal.code === 'fichier_introuvable')
  }
  assert.equal(await inspectFile(store, app, { collectiviteId: elsewhere, fichierId }), undefined)
})

test('the antivirus decides: found is refused and destroyed, silent or unreachable leaves the file waiting', async t => {
  const peer = await instreamPeer()
  t.after(peer.close)
  const scanned = { ...store, clamd: peer.address }
  const clean = await inspected('note.txt', Buffer.from('Bonjour'), scanned)
  assert.deepEqual([clean.state, clean.antivirus], ['disponible', 'antivirus\u00a0: rien trouvé'])
  const found = await inspected('note.txt', Buffer.from(eicar), scanned)
  assert.equal(found.state, 'refuse')
  assert.match(found.motif ?? '', /antivirus/)
  const opened = await inTenant(app, here, tx => openFile(scanned, tx, { collectiviteId: here, fichierId: found.fichierId }))
  assert.ok(!opened.ok && opened.refusal.code === 'fichier_refuse')

  const address = { collectiviteId: here, fichierId: await given('note.txt', Buffer.from('Bonsoir')) }
  const deaf = { ...store, clamd: { host: '127.0.0.1', port: 1, timeoutMs: 300 } }
  await assert.rejects(inspectFile(deaf, app, address), ScannerUnavailable)
  const waiting = await inTenant(app, here, tx => openFile(store, tx, address))
  assert.ok(!waiting.ok && waiting.refusal.code === 'fichier_en_verification')
  assert.equal(await inspectFile(scanned, app, address), 'disponible')
})

test('a photo is turned upright, and its GPS position and metadata are gone', async () => {
  const photo = await sharp({ create: { width: 60, height: 30, channels: 3, background: '#228844' } })
    .jpeg()
    .withExif({ IFD0: { Copyright: 'une personne' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 50/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer()
  const before = await sharp(photo).metadata()
  assert.ok(before.exif && before.orientation === 6)
  const { fichierId, name, type, sizeBytes } = await inspected('IMG_0001.jpeg', photo)
  const bytes = await bytesOf(fichierId)
  const { width, height, exif, xmp, iptc, icc, orientation } = await sharp(bytes).metadata()
  assert.deepEqual([width, height], [30, 60])
  assert.deepEqual([exif, xmp, iptc, icc, orientation], [undefined, undefined, undefined, undefined, undefined])
  assert.deepEqual([name, type, sizeBytes], ['IMG_0001.jpg', 'image/jpeg', bytes.length])
})

test('the HEIC photograph of a telephone is turned and made a JPEG, even named otherwise; a broken one says what to do', async () => {
  for (const name of ['IMG_0002.HEIC', 'IMG_0003.jpg', 'sans-extension']) {
    const photo = await inspected(name, heicPhoto)
    assert.deepEqual([photo.state, photo.name, photo.type], ['disponible', `${name.replace(/\..*/, '')}.jpg`, 'image/jpeg'])
    const bytes = await bytesOf(photo.fichierId)
    const { width, height, format } = await sharp(bytes).metadata()
    assert.deepEqual([width, height, format], [64, 96, 'jpeg'])
    // The right half of the photograph is darker in blue: turned a quarter against the clock, it is at the top.
    const pixel = async (top: number) => (await sharp(bytes).extract({ left: 10, top, width: 1, height: 1 }).raw().toBuffer())[2]!
    assert.ok((await pixel(8)) < 80 && (await pixel(80)) > 150)
  }
  const broken = await inspected('photo.heic', heicPhoto.subarray(0, 380))
  assert.deepEqual([broken.state, /abîmée/.test(broken.motif ?? '')], ['refuse', true])
})

test('what hides behind an image does not survive, a large one is reduced, transparency is kept', async () => {
  const image = sharp({ create: { width: 5000, height: 100, channels: 3, background: 'white' } })
  const polyglot = Buffer.concat([
    await image.clone().jpeg().toBuffer(),
    zip([{ name: 'x.html', text: '<script>alert(1)</script>', stored: true }]),
  ])
  const bytes = await bytesOf((await inspected('photo.jpg', polyglot)).fichierId)
  assert.ok(!bytes.includes('PK\x05\x06') && !bytes.includes('script'))
  assert.equal((await sharp(bytes).metadata()).width, 4000)
  const clear = await inspected(
    'logo.webp',
    await sharp({ create: { width: 9, height: 9, channels: 4, background: { r: 1, g: 2, b: 3, alpha: 0.5 } } })
      .webp()
      .toBuffer(),
  )
  assert.deepEqual([clear.name, clear.type], ['logo.png', 'image/png'])
})

test('an image bomb of 20,000 × 20,000 and a cut photo are refused with their reason', async () => {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data])
    const edges = Buffer.alloc(8)
    edges.writeUInt32BE(data.length, 0)
    edges.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([edges.subarray(0, 4), body, edges.subarray(4)])
  }
  const header = Buffer.from('00004e2000004e200800000000', 'hex')
  const pixels = deflateSync(Buffer.alloc(20_001 * 20_000))
  const bomb = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
  const refused = await inspected('plan.png', bomb)
  assert.equal(refused.state, 'refuse')
  assert.match(refused.motif ?? '', /40 millions/)
  const noise = await sharp({
    create: { width: 300, height: 300, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 60 }, background: 'red' },
  })
    .jpeg()
    .toBuffer()
  const cut = await inspected('photo.jpg', noise.subarray(0, noise.length >> 1))
  assert.deepEqual([cut.state, /abîmée/.test(cut.motif ?? '')], ['refuse', true])
})

test('office documents: the real ones pass; macros under any name, passwords, disguised archives and bombs do not', async () => {
  const spreadsheet = '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
  const accepted: [string, Buffer][] = [
    ['lettre.docx', docx()],
    ['lettre.odt', odt()],
    [
      'compte.xlsx',
      zip([
        { name: 'xl/media/image1.png', text: randomBytes(300_000), stored: true },
        { name: '[Content_Types].xml', text: spreadsheet },
        { name: 'xl/workbook.xml', text: '<workbook/>' },
      ]),
    ],
    [
      'compte.ods',
      zip([
        { name: 'mimetype', text: 'application/vnd.oasis.opendocument.spreadsheet', stored: true },
        { name: 'content.xml', text: '<x/>' },
        { name: 'META-INF/manifest.xml', text: '<m/>' },
      ]),
    ],
  ]
  for (const [name, bytes] of accepted) assert.equal((await inspected(name, bytes)).state, 'disponible', name)
  const macroIndex = { name: 'word/renamed.bin', text: 'x' }
  const refused: [string, Buffer, RegExp][] = [
    ['macro.docx', docx([{ name: 'word/vbaProject.bin', text: 'x' }]), /macros/],
    ['macro-cachee.docx', docx([macroIndex], 'x"/><Default ContentType="application/vnd.ms-office.vbaProject'), /macros/],
    ['macro.odt', odt([{ name: 'Basic/Standard/Module1.xml', text: 'Sub Main' }]), /macros/],
    [
      'classeur.docx',
      zip([
        { name: 'media/a.png', text: randomBytes(300_000), stored: true },
        { name: '[Content_Types].xml', text: spreadsheet },
        { name: 'word/document.xml', text: 'x' },
      ]),
      /ne peut pas être lu/,
    ],
    ['archive.docx', zip([{ name: 'a.txt', text: 'a' }]), /ne peut pas être lu/],
    ['deux-index.docx', docx([{ name: '[content_types].xml', text: '<Types/>' }]), /ne peut pas être lu/],
    ['remonte.docx', docx([{ name: '../../x', text: 'a' }]), /ne peut pas être lu/],
    ['suite.docx', Buffer.concat([docx(), Buffer.from('suite')]), /ne peut pas être lu/],
    ['secret.docx', zip([{ name: '[Content_Types].xml', text: 'x', flags: 1 }]), /mot de passe/],
    [
      'bombe.docx',
      zip([
        { name: '[Content_Types].xml', text: 'x' },
        { name: 'word/document.xml', text: 'x', announcedBytes: 3_000_000_000 },
      ]),
      /trop grand/,
    ],
  ]
  for (const [name, bytes, motif] of refused) {
    const file = await inspected(name, bytes)
    assert.equal(file.state, 'refuse', name)
    assert.match(file.motif ?? '', motif, name)
  }
})

test('what people really send: a scan of forty pages, a telephone’s heavy photograph, and a wrong name said plainly', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const page = await sharp({ create: { width: 1240, height: 1754, channels: 3, noise, background: 'white' } })
    .jpeg({ quality: 40 })
    .toBuffer()
  const scan = scannedPdf(page, 1240, 1754, 40)
  assert.ok(scan.length > 8_000_000 && scan.length < 20_000_000, `${scan.length} bytes`)
  const kept = await inspected('justificatifs scannés.pdf', scan)
  assert.deepEqual([kept.state, kept.sizeBytes], ['disponible', scan.length])
  const heavy = await sharp({ create: { width: 4000, height: 3000, channels: 3, noise, background: 'white' } })
    .jpeg({ quality: 92 })
    .toBuffer()
  const photo = await inspected('20261122_101500.jpg', heavy)
  assert.deepEqual([photo.state, photo.type], ['disponible', 'image/jpeg'])
  assert.ok(photo.sizeBytes < heavy.length)
})

test('a PDF cut short, or that is an archive too, is refused; so is text that is not text', async () => {
  const asComment = zip([{ name: 'x', text: 'x' }])
  asComment.writeUInt16LE(34, asComment.length - 2)
  const trailer = Buffer.from('trailer\nstartxref\n0000000009\n%%EOF\n')
  const refused: [string, Buffer, RegExp][] = [
    ['coupe.pdf', pdf(5000).subarray(0, 3000), /incomplet/],
    ['archive.pdf', Buffer.concat([pdf(), asComment, trailer.subarray(0, 34)]), /archive/],
    ['archive2.pdf', Buffer.concat([pdf(), zip([{ name: 'x', text: 'x' }])]), /archive|incomplet/],
    ['notes.txt', Buffer.concat([Buffer.alloc(130_000, 'a'), Buffer.from([0, 1, 2])]), /lisible/],
    ['notes.csv', Buffer.from([0x61, 0xe9, 0x81, 0x62]), /encodage/],
  ]
  for (const [name, bytes, motif] of refused) {
    const file = await inspected(name, bytes)
    assert.equal(file.state, 'refuse', name)
    assert.match(file.motif ?? '', motif, name)
  }
})

test('a generated document is available at once; destroyed, its row, key and bytes are gone', async () => {
  const address = await inTenant(app, here, async tx => ({
    collectiviteId: here,
    fichierId: await storeGenerated(store, tx, { collectiviteId: here, name: 'Accusé.pdf', type: 'application/pdf', bytes: pdf() }),
  }))
  assert.ok((await bytesOf(address.fichierId)).equals(pdf()))
  const before = readdirSync(join(store.folder, here)).length
  const removeBytes = await inTenant(app, here, tx => destroyFile(store, tx, address))
  await removeBytes()
  assert.equal(readdirSync(join(store.folder, here)).length, before - 1)
  const opened = await inTenant(app, here, tx => openFile(store, tx, address))
  assert.ok(!opened.ok && opened.refusal.status === 404)
})

test('bytes that vanished or were altered on the disk are an accident, never served', async () => {
  const one = await inspected('acte.pdf', pdf(100_000))
  const { rows } = await inTenant(app, here, tx =>
    sql<{ objet_id: string }>`select objet_id from fichier where id = ${one.fichierId}`.execute(tx),
  )
  const path = join(store.folder, here, rows[0]!.objet_id)
  const sealed = readFileSync(path)
  sealed[70_000] = sealed[70_000]! ^ 1
  writeFileSync(path, sealed)
  await assert.rejects(bytesOf(one.fichierId), /not the one that was written/)
  rmSync(path)
  await assert.rejects(bytesOf(one.fichierId), StorageFailure)
})

test('the master key turns without a stop: both versions open, resealing moves to the new one, then the old one may go', async () => {
  const { fichierId } = await inspected('acte.pdf', pdf())
  const old = readFileSync(masterKeyPath, 'utf8')
  const fresh = `v2 ${Buffer.alloc(32, 7).toString('base64')}\n`
  const keyPath = join(root, 'tournee.cle')
  const open = (text: string) => {
    writeFileSync(keyPath, text, { mode: 0o600 })
    return openFileStore({ folder: store.folder, masterKeyPath: keyPath })
  }
  const both = await open(fresh + old)
  assert.ok((await bytesOf(fichierId, both)).equals(pdf()))
  assert.equal(await inTenant(app, here, tx => resealCollectiviteKey(both, tx, here)), true)
  assert.equal(await inTenant(app, here, tx => resealCollectiviteKey(both, tx, here)), false)
  assert.ok((await bytesOf(fichierId, await open(fresh))).equals(pdf()))
  await assert.rejects(bytesOf(fichierId, store), /clé maîtresse/)
  const back = await open(old + fresh)
  assert.equal(await inTenant(app, here, tx => resealCollectiviteKey(back, tx, here)), true)
})

test('the sweep removes what no row knows after a day, and leaves a folder alone when most of it looks unknown', async () => {
  const collectiviteId = await newCollectivite('balai')
  const receive = async () => {
    const received = await receiveFile(store, Readable.from([pdf()]), { collectiviteId, name: 'a.pdf' })
    assert.ok(received.ok)
    return received.value
  }
  const [kept, orphan, young] = [await receive(), await receive(), await receive()]
  const fichierId = await inTenant(app, collectiviteId, tx => recordFile(store, tx, kept))
  const folder = join(store.folder, collectiviteId)
  const longAgo = new Date(Date.now() - 2 * 86_400_000)
  const partial = join(folder, `${newId()}.partiel`)
  writeFileSync(partial, 'x')
  for (const path of [join(folder, kept.objectId), join(folder, orphan.objectId), partial]) utimesSync(path, longAgo, longAgo)
  assert.deepEqual(await sweepOrphans(store, app), { removedFiles: 2, suspectCollectivites: [] })
  assert.deepEqual(readdirSync(folder).sort(), [kept.objectId, young.objectId].sort())
  assert.equal(await inspectFile(store, app, { collectiviteId, fichierId }), 'disponible')
  for (let n = 0; n < 60; n++) {
    const path = join(folder, newId())
    writeFileSync(path, 'x')
    utimesSync(path, longAgo, longAgo)
  }
  assert.deepEqual(await sweepOrphans(store, app), { removedFiles: 0, suspectCollectivites: [collectiviteId] })
})
