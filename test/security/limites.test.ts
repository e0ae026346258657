import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../../src/main.ts'
import { codeDuDossier } from '../../src/modules/dossiers/code.ts'
import { totpCode } from '../../src/platform/auth/totp.ts'
import { IpLimiter } from '../../src/platform/http/ip-limiter.ts'
import { motDePasse, ouvrirMonde, totpSecret } from './monde.ts'
import { cle } from './routes.ts'

const monde = await ouvrirMonde()
const { a, b, admin, clock } = monde

const minutes = (n: number) => clock.set(new Date(clock.now().getTime() + n * 60_000).toISOString())
const post = (url: string, fields: Record<string, string>, cookie = '') => monde.demander({ method: 'POST', url, cookie, fields })
const sentence = (body: string) => body.match(/Trop d’essais[^<]*|Plusieurs liens[^<]*|trois minutes[^<]*/)?.[0] ?? ''

const essai = (name: string, work: () => Promise<void> | void) =>
  test(name, async () => {
    await admin.query('delete from tentative')
    await work()
  })

essai('the eleventh password within three minutes is refused, right or wrong, known or not; then it opens again', async () => {
  const url = `${a.base}/agent/connexion`
  for (const courriel of [monde.agents.instructeur.courriel, 'personne@mairie.example']) {
    for (let i = 0; i < 10; i++) assert.equal((await post(url, { courriel, mot_de_passe: `faux ${i}` })).statusCode, 422)
    const late = await post(url, { courriel: ` ${courriel.toUpperCase()} `, mot_de_passe: motDePasse })
    assert.equal(late.statusCode, 429, courriel)
    assert.ok(sentence(late.body), late.body.match(/<main[\s\S]{0,400}/)?.[0])
    // The same account from another commune of the territory: the same counter.
    assert.equal((await post(`${b.base}/agent/connexion`, { courriel, mot_de_passe: motDePasse })).statusCode, 429)
  }
  minutes(4)
  assert.equal((await post(url, { courriel: monde.agents.instructeur.courriel, mot_de_passe: motDePasse })).statusCode, 303)
})

essai('tries made at once are counted one by one', async () => {
  const url = `${a.base}/agent/connexion`
  const tries = Array.from({ length: 16 }, () => post(url, { courriel: monde.agents.lecteur.courriel, mot_de_passe: 'faux' }))
  const statuses = (await Promise.all(tries)).map(({ statusCode }) => statusCode)
  assert.equal(statuses.filter(status => status === 429).length, 6, statuses.join())
})

essai('the eleventh code of the second factor is refused, then fifty a day, whatever the session', async () => {
  const url = `${a.base}/agent/connexion/code`
  const wrong = totpCode(Buffer.alloc(20, 9), clock.now())
  let refusedAt = 0
  for (let i = 1; i <= 60 && refusedAt === 0; i++) {
    const cookie = await monde.frais('agent au second facteur')
    const { statusCode, headers } = await post(url, { code: wrong }, cookie)
    if (statusCode === 429) refusedAt = i
    else assert.equal(statusCode, 422, `${i}: ${headers.location}`)
    if (i === 10) assert.equal((await post(url, { code: totpCode(totpSecret, clock.now()) }, cookie)).statusCode, 429)
    if (i % 10 === 0) minutes(4)
  }
  assert.ok(refusedAt > 40 && refusedAt <= 51, `refused at ${refusedAt}`)
  minutes(24 * 60)
  const opened = await post(url, { code: totpCode(totpSecret, clock.now()) }, await monde.frais('agent au second facteur'))
  assert.equal(opened.statusCode, 303)
})

essai('the eleventh code of a dossier within a quarter of an hour is refused, even right; another dossier is not', async () => {
  const rows = (
    await admin.query('select id, reference, code_version from dossier where id = any($1)', [
      [monde.siens.depose.id, monde.desAutres.depose.id],
    ])
  ).rows
  const [one, two] = rows.map(row => ({ reference: row.reference as string, code: codeDuDossier(monde.app.secrets, row) })) as [
    { reference: string; code: string },
    { reference: string; code: string },
  ]
  const url = `${a.base}/suivi`
  for (let i = 0; i < 10; i++) assert.equal((await post(url, { reference: one.reference, code: 'AAAA-AAAA' })).statusCode, 422)
  for (const reference of [one.reference, one.reference.toLowerCase(), one.reference.replace('-', ' ')]) {
    const late = await post(url, { ...one, reference })
    assert.equal(late.statusCode, 429, reference)
    assert.match(late.body, /Attendez un quart d’heure/)
  }
  assert.equal((await post(url, two)).statusCode, 303)
  minutes(16)
  assert.equal((await post(url, one)).statusCode, 303)
})

essai('an unknown reference answers as a wrong code does', async () => {
  const answers = await Promise.all(
    ['AAAA-AAAA', (await admin.query('select reference from dossier where id = $1', [monde.siens.depose.id])).rows[0].reference].map(
      reference => post(`${a.base}/suivi`, { reference, code: 'AAAA-AAAA' }),
    ),
  )
  const [unknown, wrong] = answers.map(({ body }) =>
    body.replace(/name="reference" value="[^"]*"|value="[\w-]{4}-[\w-]{4}"|name="_jeton" value="[^"]*"/g, ''),
  )
  assert.equal(unknown, wrong)
})

essai('ten links a quarter of an hour for an address; a link serves once, thirty minutes, whichever address asked', async () => {
  const url = `${a.base}/mes-dossiers/lien`
  for (let i = 0; i < 10; i++) assert.equal((await post(url, { courriel: 'habitant@courriel.example' })).statusCode, 200)
  for (const courriel of ['habitant@courriel.example', 'HABITANT@courriel.example ']) {
    const late = await post(url, { courriel })
    assert.equal(late.statusCode, 429)
    assert.match(late.body, /Attendez un quart d’heure/)
  }
  minutes(16)
  assert.equal((await post(url, { courriel: 'habitant@courriel.example' })).statusCode, 200)
  const { texte } = (await admin.query("select texte from envoi where destinataire = 'habitant@courriel.example' order by id desc limit 1"))
    .rows[0]
  const link = new URL(texte.match(/http\S*\/mes-dossiers\/connexion\/[\w-]+/)![0]).pathname
  // Scanners of mail follow links: seeing the page uses nothing up.
  for (let i = 0; i < 3; i++) assert.equal((await monde.demander({ url: link })).statusCode, 200)
  const opened = await Promise.all(Array.from({ length: 5 }, () => post(link, {})))
  assert.deepEqual(opened.map(({ statusCode }) => statusCode).sort(), [303, 410, 410, 410, 410])
  assert.match(opened.find(({ statusCode }) => statusCode === 410)!.body, /Demandez-en un nouveau/)
  assert.equal((await post(url, { courriel: 'habitant@courriel.example' })).statusCode, 200)
  const late = (await admin.query("select texte from envoi where destinataire = 'habitant@courriel.example' order by id desc limit 1"))
    .rows[0].texte
  minutes(31)
  assert.equal((await post(new URL(late.match(/http\S*\/mes-dossiers\/connexion\/[\w-]+/)![0]).pathname, {})).statusCode, 410)
})

essai('the page of a link leads nowhere but to itself, whatever the link', async () => {
  const right = `${a.base}/mes-dossiers/connexion/${'A'.repeat(43)}`
  assert.ok((await monde.demander({ url: right })).body.includes(`<form action="${right}"`))
  for (const bad of [
    '..%2f..%2fagent%2fdeconnexion',
    '..%2Fdeconnexion',
    'x%22%3E%3Czqx%3E',
    `..%2f..%2fbrouillons%2f${monde.siens.brouillon.id}%2fsuppression`,
  ]) {
    const { body, statusCode } = await monde.demander({ url: `${a.base}/mes-dossiers/connexion/${bad}`, cookie: monde.titulaire.cookie })
    const actions = [...body.matchAll(/<form action="([^"]*)"/g)].map(
      match => new URL(match[1]!.replaceAll('&amp;', '&'), 'http://localhost').pathname,
    )
    for (const action of actions)
      assert.match(decodeURIComponent(action), new RegExp(`^${a.base}/mes-dossiers/connexion/[\\w-]+$`), `${bad} (${statusCode})`)
  }
})

essai('an address that insists is slowed down on every route that says so, with a sentence; another address is not', async () => {
  const braked = routes.filter(({ perIp }) => perIp !== undefined)
  assert.ok(braked.length >= 6)
  const route = braked.find(route => cle(route) === 'POST /:commune/mes-dossiers/lien')!
  const send = (remoteAddress: string) =>
    monde.server.inject({
      method: 'POST',
      url: `${a.base}/mes-dossiers/lien`,
      remoteAddress,
      headers: { host: 'localhost', 'sec-fetch-site': 'same-origin' },
      payload: { courriel: 'x' },
    })
  for (let i = 0; i < route.perIp!; i++) assert.equal((await send('192.0.2.1')).statusCode, 422)
  const late = await send('192.0.2.1')
  assert.equal(late.statusCode, 429)
  assert.match(late.body, /Attendez quelques minutes/)
  // What a visitor says of their own address counts only behind a proxy that we trust.
  const headers = { host: 'localhost', 'sec-fetch-site': 'same-origin', 'x-forwarded-for': '203.0.113.9' }
  assert.equal(
    (await monde.server.inject({ method: 'POST', url: `${a.base}/mes-dossiers/lien`, remoteAddress: '192.0.2.1', headers })).statusCode,
    429,
  )
  assert.equal((await send('192.0.2.2')).statusCode, 422)
  minutes(11)
  assert.equal((await send('192.0.2.1')).statusCode, 422)
})

essai('the brake by address keeps a bounded memory, and does not forget who insists when others come', () => {
  const limiter = new IpLimiter(clock)
  for (let i = 0; i < 10; i++) assert.ok(limiter.take('insistant', 10))
  assert.ok(!limiter.take('insistant', 10))
  for (let i = 0; i < 60_000; i++) {
    limiter.take(`passant ${i}`, 10)
    if (i % 1000 === 0) assert.ok(!limiter.take('insistant', 10), `forgotten after ${i} others`)
  }
})
