import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import sharp from 'sharp'
import { inspectFile } from '../../src/platform/files/index.ts'
import { docx, eicar, instreamPeer, pdf, zip } from '../../src/platform/files/testing.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { noterPreuve } from '../builders/preuves.ts'
import { assertSain } from './hostile.ts'
import { ouvrirMonde } from './monde.ts'

const monde = await ouvrirMonde()
const { a, admin, app, siens } = monde

/** What must become of a file: refused at the door, refused once inspected, or kept (an image made again). */
type Sort = 'à la porte' | 'à la vérification' | 'gardé' | 'refait'

async function leCorpus(ailleurs: string): Promise<readonly (readonly [name: string, bytes: Buffer, sort: Sort])[]> {
  const dtd = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "${ailleurs}"><!ENTITY f SYSTEM "file:///etc/passwd">]><x>&e;&f;</x>`
  const photo = sharp({ create: { width: 60, height: 40, channels: 3, background: '#3a6' } }).jpeg()
  const located = await photo
    .clone()
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 50/1 17/1' }, IFD0: { Artist: 'zqx-auteur' } })
    .toBuffer()
  const immense = Buffer.from('89504e470d0a1a0a0000000d4948445200004e2000004e2008020000000000000000000049454e44ae426082', 'hex')
  const ods = [
    { name: 'mimetype', text: 'application/vnd.oasis.opendocument.spreadsheet', stored: true },
    { name: 'content.xml', text: dtd },
    { name: 'META-INF/manifest.xml', text: '<m/>' },
  ]
  const named = (name: string, sort: Sort = 'gardé') => [name, pdf(10), sort] as const
  return [
    ['eicar.txt', Buffer.from(eicar), 'à la vérification'],
    ['eicar.zip', zip([{ name: 'eicar.com', text: eicar }]), 'à la porte'],
    [
      'eicar.docx',
      zip([
        { name: '[Content_Types].xml', text: 'x' },
        { name: 'word/document.xml', text: eicar, stored: true },
      ]),
      'à la vérification',
    ],
    ['xxe.docx', docx([{ name: 'customXml/item1.xml', text: dtd }]), 'gardé'],
    ['xxe.ods', zip(ods), 'gardé'],
    [
      'xxe.svg',
      Buffer.from(dtd.replace('<x>', '<svg xmlns="http://www.w3.org/2000/svg"><text>').replace('</x>', '</text></svg>')),
      'à la porte',
    ],
    ['xxe.png', Buffer.from(dtd), 'à la porte'],
    ['immense.png', immense, 'à la vérification'],
    [
      'bombe.docx',
      docx([{ name: 'word/a.xml', text: 'x', announcedBytes: 3_000_000_000 } as { name: string; text: string }]),
      'à la vérification',
    ],
    ['gps.jpg', located, 'refait'],
    ['polyglotte.jpg', Buffer.concat([located, Buffer.from('<script>zqx()</script>'), zip([{ name: 'a.js', text: 'zqx()' }])]), 'refait'],
    ['polyglotte.pdf', Buffer.concat([pdf(10), zip([{ name: 'a.js', text: 'zqx()' }])]), 'à la vérification'],
    ['page.pdf', Buffer.from('<html><script>zqx()</script></html>'), 'à la porte'],
    ['programme.exe', Buffer.from('MZ\x90\0'), 'à la porte'],
    ['programme.pdf.exe', pdf(10), 'à la porte'],
    ['facture\u202Efdp.exe', pdf(10), 'à la porte'],
    named('../../../etc/passwd.pdf'),
    named('..\\..\\win.ini.pdf'),
    named('<zqx onload=1>.pdf'),
    named("'; drop table fichier; --.pdf"),
    named('con.pdf'),
    named(`${'é'.repeat(300)}.pdf`),
    named('a%0d%0aX-Injecte: oui.pdf'),
    named('%2e%2e%2fplan.pdf'),
  ]
}

const deposer = (name: string, bytes: Buffer) =>
  monde.demander({
    method: 'POST',
    url: `${a.base}/dossiers/${siens.depose.id}/messages`,
    cookie: monde.titulaire.cookie,
    headers: { 'content-type': 'multipart/form-data; boundary=limite' },
    payload: Buffer.concat([
      Buffer.from(`--limite\r\nContent-Disposition: form-data; name="_cle"\r\n\r\n${newSecret()}\r\n`),
      Buffer.from('--limite\r\nContent-Disposition: form-data; name="texte"\r\n\r\nVoici le document.\r\n'),
      Buffer.from(`--limite\r\nContent-Disposition: form-data; name="fichiers"; filename="${name}"\r\nContent-Type: text/html\r\n\r\n`),
      bytes,
      Buffer.from('\r\n--limite--\r\n'),
    ]),
  })

test('hostile files sent with a message: refused with a sentence, or kept harmless; nothing runs, nothing is fetched', async t => {
  const calls: string[] = []
  const elsewhere = createServer((request, response) => {
    calls.push(request.url ?? '')
    response.end('zqx')
  })
  await new Promise<void>(resolve => elsewhere.listen(0, '127.0.0.1', resolve))
  const peer = await instreamPeer()
  t.after(async () => {
    elsewhere.close()
    await peer.close()
  })
  const corpus = await leCorpus(`http://127.0.0.1:${(elsewhere.address() as { port: number }).port}/xxe`)
  const became: string[] = []
  for (const [name, bytes, sort] of corpus) {
    const known = new Set((await rows()).map(({ id }) => id))
    const sent = await deposer(name, bytes)
    assertSain(sent, name)
    const [file] = (await rows()).filter(({ id }) => !known.has(id))
    const found = file ? await sortDe(file, bytes) : 'à la porte'
    if (!file) assert.ok([413, 415, 422].includes(sent.statusCode), `${name}: ${sent.statusCode}`)
    if (found !== sort) became.push(`${name}: ${found} instead of ${sort}`)
  }
  assert.deepEqual(became, [])
  for (const [url, cookie] of [
    [`${a.base}/agent/dossiers/${siens.depose.id}`, monde.agents.instructeur.cookie],
    [`${a.base}/dossiers/${siens.depose.id}`, monde.titulaire.cookie],
  ] as const)
    assertSain(await monde.demander({ url, cookie }), url)
  assert.deepEqual(calls, [])
  noterPreuve({
    machine: 'corpus',
    titre: 'Fichiers hostiles joints à une demande',
    mesures: [
      { nom: 'fichiers', valeur: `${corpus.length}`, cible: 'chacun refusé avec sa phrase, ou gardé sans danger', tenue: true },
      { nom: 'adresses appelées par un document lu', valeur: '0', cible: '0', tenue: true },
    ],
    nonJoue: ['un vrai antivirus : celui de l’essai ne sait que chercher la signature d’essai dans les octets'],
  })

  async function sortDe({ id }: { id: string }, bytes: Buffer): Promise<Sort> {
    const state = await inspectFile({ ...app.files, clamd: peer.address }, monde.database.app, { collectiviteId: a.id, fichierId: id })
    if (state === 'refuse') {
      const { rows: said } = await admin.query<{ motif: string }>('select motif from fichier where id = $1', [id])
      assert.match(said[0]!.motif, /^[A-ZÉÀ].{12,}[.!?]$/s)
      return 'à la vérification'
    }
    const url = `${a.base}/agent/dossiers/${siens.depose.id}/pieces/${id}`
    const given = await monde.demander({ url, cookie: monde.agents.instructeur.cookie })
    assert.equal(given.statusCode, 200, url)
    assert.match(String(given.headers['content-disposition']), /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w%.!~-]+$/)
    assert.match(String(given.headers['content-security-policy']), /^sandbox; default-src 'none'/)
    assert.equal(given.headers['x-content-type-options'], 'nosniff')
    assert.equal(given.headers['x-injecte'], undefined)
    if (given.rawPayload.equals(bytes)) return 'gardé'
    for (const trace of ['zqx', 'GPS', 'Exif', 'PK\x03\x04']) assert.ok(!given.rawPayload.includes(trace), trace)
    assert.equal((await sharp(given.rawPayload).metadata()).exif, undefined)
    return 'refait'
  }
})

const rows = async () => (await admin.query<{ id: string }>('select id from fichier where collectivite_id = $1', [a.id])).rows
