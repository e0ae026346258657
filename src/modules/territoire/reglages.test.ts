import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import sharp from 'sharp'
import { testApp } from '../../platform/app.testing.ts'
import { verifyJournal } from '../../platform/audit/journal.ts'
import { inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { Form } from '../../platform/http/form.ts'
import { createServer } from '../../platform/http/server.ts'
import { newId, newSecret } from '../../platform/ids.ts'
import { collectiviteDuChemin } from './index.ts'
import { territoire } from './module.ts'
import { reduireLogo } from './web/logo.ts'
import { lireReglages } from './web/reglages.form.ts'

const database = await testDatabase()
const app = testApp(database.app)
const agentId = newId()
const valnoir = newId()
let server: FastifyInstance

before(async () => {
  await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${valnoir}, 'commune', 'Valnoir', 'valnoir', '14999', now())`.execute(
    database.owner.kysely,
  )
  server = await createServer(app, territoire.routes, {
    tenant: collectiviteDuChemin,
    segmentOfHost: () => undefined,
    agent: async (_ctx, permission) => ({
      id: agentId,
      nom: 'Agent',
      courriel: 'a@b.example',
      roles: [],
      permissions: new Set([permission]),
      portee: { sauf: [], seulement: null },
    }),
    errorPage: (_app, _tenant, refusal) => `ERREUR ${refusal.status}`,
  })
})

const show = (query = '') => server.inject(`/valnoir/agent/reglages${query}`)

/** Sends the form as a browser does, in parts. */
function send(fields: Record<string, string>, logo?: Buffer, cle = newSecret()) {
  const boundary = 'frontiere'
  const head = (name: string, more = '') => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n`
  const texts = Object.entries({ _cle: cle, ...fields }).map(([name, value]) => Buffer.from(`${head(name)}\r\n${value}\r\n`))
  const file = logo
    ? [Buffer.from(`${head('logo', '; filename="logo.png"')}Content-Type: image/png\r\n\r\n`), logo, Buffer.from('\r\n')]
    : [Buffer.from(`${head('logo', '; filename=""')}Content-Type: application/octet-stream\r\n\r\n\r\n`)]
  return server.inject({
    method: 'POST',
    url: '/valnoir/agent/reglages',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'sec-fetch-site': 'same-origin' },
    payload: Buffer.concat([...texts, ...file, Buffer.from(`--${boundary}--\r\n`)]),
  })
}

const kept = async () => {
  const { rows } = await inTenant(app.db, valnoir, tx =>
    sql<Record<string, unknown>>`select adresse, code_postal, telephone, couleur, logo, source from reglage`.execute(tx),
  )
  return rows[0]
}

const noise = (width: number, height: number) =>
  sharp(Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * 2654435761) % 251)), { raw: { width, height, channels: 3 } })

test('what residents lack is listed, then what is written is shown', async () => {
  assert.match((await show()).body, /ne voient pas encore[\s\S]*l’adresse postale[\s\S]*les horaires/)
  const answer = await send({ adresse: '1 place de la Fontaine', codePostal: '14 999', telephone: '02.61.91.00.12', couleur: '#FFDD00' })
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/valnoir/agent/reglages?enregistre=oui'])
  assert.deepEqual(await kept(), {
    adresse: '1 place de la Fontaine',
    code_postal: '14999',
    telephone: '02 61 91 00 12',
    couleur: 'ffdd00',
    logo: null,
    source: 'agent',
  })
  const page = (await show('?enregistre=oui')).body
  assert.match(page, /role="status"[\s\S]*Réglages enregistrés/)
  assert.doesNotMatch(page, /<li>le téléphone/)
  assert.match(page, /La couleur #FFDD00 est trop claire pour être lue/)
  assert.match(page, /Contraste du texte blanc sur ce fond\u00a0: (4,[5-9]|[5-9])/)
})

test('errors keep what was typed and write nothing', async () => {
  const before = await kept()
  const answer = await send({
    telephone: '12 34',
    courriel: 'nul part',
    site: 'javascript:alert(1)',
    couleur: 'rouge',
    codePostal: '1',
    ville: '<b>',
  })
  assert.equal(answer.statusCode, 422)
  assert.match(answer.body, /<title>Erreur : Réglages/)
  assert.match(answer.body, /5 réponses sont à revoir/)
  for (const typed of ['12 34', 'nul part', 'javascript:alert(1)', 'rouge', '&lt;b>'])
    assert.ok(answer.body.includes(`value="${typed}"`), typed)
  assert.deepEqual(await kept(), before)
})

test('the same sending twice has one effect and one entry in the journal', async () => {
  const count = async () => {
    const result = await verifyJournal(app.db, valnoir)
    assert.ok(result.isIntact)
    return result.entries
  }
  const before = await count()
  const cle = newSecret()
  const answers = await Promise.all([1, 2].map(() => send({ ville: 'Valnoir' }, undefined, cle)))
  for (const answer of answers) assert.equal(answer.statusCode, 303)
  assert.equal(await count(), before + 1)
  assert.equal((await send({ ville: 'Autre' }, undefined, cle)).statusCode, 409)
  assert.equal((await send({ ville: 'Autre' }, undefined, '')).statusCode, 400)
})

test('a logo is made small, kept when the form is sent without one, and removed when asked', async () => {
  const large = await noise(900, 500).png({ compressionLevel: 9 }).toBuffer()
  assert.equal((await send({}, await sharp(large).resize(300, 300).png().toBuffer())).statusCode, 303)
  const logo = (await kept())!.logo as Buffer
  assert.ok(logo.length <= 3072)
  assert.equal((await sharp(logo).metadata()).format, 'webp')
  assert.match((await show()).body, /alt="Logo actuel"/)
  await send({ ville: 'Valnoir' })
  assert.deepEqual((await kept())!.logo, logo)
  await send({ retirerLogo: 'oui' })
  assert.equal((await kept())!.logo, null)
})

test('what is not a logo is refused with a sentence', async () => {
  for (const [bytes, said] of [
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /n’est pas une image PNG/],
    [Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(50)]), /ne peut pas être lue/],
    [Buffer.alloc(1024 * 1024 + 1, 1), /1\u00a0Mo au plus/],
  ] as const) {
    const answer = await send({ ville: 'Gardée' }, bytes)
    assert.equal(answer.statusCode, 422)
    assert.match(answer.body, said)
    assert.match(answer.body, /value="Gardée"/)
  }
})

test('whatever the image, 3,072 bytes at most', async () => {
  for (const image of [
    noise(700, 700),
    noise(60, 60),
    sharp({ create: { width: 200, height: 20, channels: 4, background: '#c0000080' } }),
  ]) {
    const small = await reduireLogo(await image.png().toBuffer())
    assert.ok(small.ok && small.value.length <= 3072 && ((await sharp(small.value).metadata()).height ?? 0) <= 96)
  }
})

test('telephone numbers of France and overseas, as they are read aloud', () => {
  const read = (telephone: string) => lireReglages(new Form({ telephone }))
  for (const [typed, said] of [
    ['0261910012', '02 61 91 00 12'],
    ['+33 (0)2 61 91 00 12', '02 61 91 00 12'],
    ['0033261910012', '02 61 91 00 12'],
    ['0262 12 34 56', '0262 12 34 56'],
    ['+262 262 12 34 56', '0262 12 34 56'],
    ['+590 590 12 34 56', '0590 12 34 56'],
    ['+687 25 00 00', '+687 25 00 00'],
    ['00689 40 41 57 00', '+689 40 41 57 00'],
  ])
    assert.equal(read(typed!).valeur.telephone, said)
  for (const typed of ['12', '026191001', '0061 2 61 91 00 12', 'mairie', '0261910012 poste 3', '+33 1'])
    assert.equal(read(typed).errors.length, 1, typed)
})

test('what was kept can be sent again unchanged', () => {
  const typed = fc.record({
    adresse: fc.string(),
    telephone: fc.stringMatching(/^0[1-9][0-9]{8}$/),
    horaires: fc.string({ unit: fc.constantFrom('a', '\n', ' ', ':') }),
  })
  fc.assert(
    fc.property(typed, fields => {
      const first = lireReglages(new Form(fields))
      fc.pre(first.errors.length === 0)
      const { adresse, telephone, horaires } = first.valeur
      const again = lireReglages(new Form({ adresse: adresse ?? '', telephone: telephone ?? '', horaires: horaires ?? '' }))
      assert.deepEqual(again.valeur, first.valeur)
    }),
  )
})
