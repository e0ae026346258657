import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import { before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { HtmlValidate } from 'html-validate'
import { sql } from 'kysely'
import { testApp } from '../../platform/app.testing.ts'
import { totpCode } from '../../platform/auth/totp.ts'
import { stoppedClock } from '../../platform/clock.ts'
import { inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { page, type Route } from '../../platform/http/route.ts'
import { createServer } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { collectiviteDuChemin } from '../territoire/index.ts'
import { preparerInvitation } from './commands/preparer-invitation.ts'
import { creerAgentDeDemonstration, creerInvitation, guard, inviterAgent, type Role } from './index.ts'
import { agents } from './module.ts'
import { hiddenFields, type Navigateur, navigateur } from './testing.ts'

const database = await testDatabase()
const [valnoir, autre] = [newId(), newId()]
const clock = stoppedClock('2026-03-02T09:00:00Z')
const app = testApp(database.app, { clock })
const motDePasse = 'le chat du préau dort tard'
const totpSecret = Buffer.alloc(20, 3)
const adresse = 'http://localhost/valnoir'
let server: FastifyInstance
let ids: Record<string, string>

// What another module would have: a page to read, an act to decide.
const echo: readonly Route[] = [
  {
    method: 'GET',
    path: '/agent/dossiers',
    scope: 'collectivite',
    access: { kind: 'agent', permission: 'dossiers.lire' },
    handle: async ctx => page(`DOSSIERS ${ctx.agent.nom}`),
  },
  {
    method: 'POST',
    path: '/agent/dossiers/:id/refus',
    scope: 'collectivite',
    access: { kind: 'agent', permission: 'dossiers.decider' },
    handle: async () => page('REFUSÉ'),
  },
]

const minutes = (n: number) => clock.set(new Date(clock.now().getTime() + n * 60_000).toISOString())

before(async () => {
  for (const [id, chemin] of [
    [valnoir, 'valnoir'],
    [autre, 'autre'],
  ])
    await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${id}, 'commune', ${`Commune ${chemin}`}, ${chemin}, ${chemin}, now())`.execute(
      database.owner.kysely,
    )
  server = await createServer(app, [...agents.routes, ...echo], {
    tenant: collectiviteDuChemin,
    segmentOfHost: () => undefined,
    agent: guard,
    errorPage: (_app, _tenant, refusal, { kept }) => `ERREUR ${refusal.sentence} ${JSON.stringify(kept ?? {})}`,
  })
})

async function deNouveau(): Promise<void> {
  for (const id of [valnoir, autre])
    await inTenant(database.app, id, tx => sql`update habilitation set retiree_le = ${clock.now()}`.execute(tx))
  await sql`delete from tentative`.execute(database.app.kysely)
  minutes(60 * 24)
  ids = {
    ada: await ouvrir('ada', ['administrateur']),
    ines: await ouvrir('ines', ['instructeur']),
    dora: await ouvrir('dora', ['administrateur', 'instructeur', 'decideur']),
  }
}

const essai = (name: string, work: () => Promise<void>) =>
  test(name, async () => {
    await deNouveau()
    await work()
  })

const ouvrir = (nom: string, roles: Role[], collectiviteId = valnoir) =>
  inTenant(database.app, collectiviteId, tx =>
    creerAgentDeDemonstration(tx, app, { courriel: `${nom}@mairie.example`, nom, roles, collectiviteId, motDePasse, totpSecret }),
  )
const code = () => totpCode(totpSecret, clock.now())
const journal = async (id = valnoir) =>
  (
    await inTenant(database.app, id, tx =>
      sql<{ e: string }>`select acteur || ' ' || action || ' ' || objet as e from journal order by rang`.execute(tx),
    )
  ).rows.map(row => row.e)

async function connecter(nom: string, chemin = '/valnoir'): Promise<Navigateur> {
  minutes(1)
  const n = navigateur(server)
  const first = await n.envoyer(`${chemin}/agent/connexion`, `${chemin}/agent/connexion`, {
    courriel: `${nom}@mairie.example`,
    mot_de_passe: motDePasse,
  })
  assert.equal(first.headers.location, `${chemin}/agent/connexion/code`)
  const second = await n.envoyer(`${chemin}/agent/connexion/code`, `${chemin}/agent/connexion/code`, { code: code() })
  assert.equal(second.statusCode, 303, second.body)
  return n
}

essai('one signs in with password and code, each with a new session, and is back where one wanted to go', async () => {
  const n = navigateur(server)
  const away = await n.get('/valnoir/agent/dossiers?etat=accepte&q=Jean%20L')
  assert.equal(away.statusCode, 303)
  const connexion = away.headers.location!
  assert.equal(connexion, `/valnoir/agent/connexion?retour=${encodeURIComponent('/agent/dossiers?etat=accepte&q=Jean%20L')}`)
  const first = await n.envoyer(connexion, '/valnoir/agent/connexion', { courriel: ' Ines@MAIRIE.example ', mot_de_passe: motDePasse })
  const half = n.cookies.get('parvis-agent')
  assert.ok(half)
  for (const path of ['/valnoir/agent/dossiers', '/valnoir/agent/compte', '/valnoir/agent/collectivites', '/valnoir/agent'])
    assert.match((await n.get(path)).headers.location ?? '', /agent\/connexion/, `${path}: half a sign-in opens nothing`)
  const second = await n.envoyer(first.headers.location!, '/valnoir/agent/connexion/code', { code: code() })
  assert.equal(second.headers.location, '/valnoir/agent/dossiers?etat=accepte&q=Jean%20L')
  const whole = n.cookies.get('parvis-agent')
  assert.ok(whole && whole !== half)
  assert.equal((await n.get('/valnoir/agent/dossiers')).body, 'DOSSIERS ines')
  n.cookies.set('parvis-agent', half)
  assert.equal((await n.get('/valnoir/agent/dossiers')).statusCode, 303, 'the former session is closed')
  assert.ok((await journal()).includes(`agent:${ids.ines} agent.connexion agent:${ids.ines}`))
})

essai('a wrong password and an unknown address have the same answer, and what was typed stays', async () => {
  const answers = []
  for (const courriel of ['ines@mairie.example', 'nobody@mairie.example']) {
    const response = await navigateur(server).envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', {
      courriel,
      mot_de_passe: 'pas celui-là',
    })
    assert.equal(response.statusCode, 422)
    assert.match(response.body, new RegExp(`value="${courriel}"`))
    assert.doesNotMatch(response.body, /pas celui-là/)
    answers.push(response.body.replaceAll(courriel, 'X').replace(/_jeton" value="[^"]*"/, ''))
  }
  assert.equal(answers[0], answers[1])
  const entries = await journal()
  assert.ok(entries.includes(`agent:${ids.ines} agent.connexion_refusee mot-de-passe`))
  assert.ok(entries.includes('inconnu agent.connexion_refusee mot-de-passe'))
  assert.ok(!entries.join().includes('nobody'), 'no address in the journal')
})

essai('an unknown address costs the same hash as a wrong password: its time tells nothing', async () => {
  let hashes = 0
  const hook = createHook({
    init(_id, type) {
      if (type === 'ARGON2REQUEST') hashes++
    },
  })
  hook.enable()
  try {
    for (const courriel of ['ines@mairie.example', 'personne@mairie.example']) {
      hashes = 0
      await server.inject({
        method: 'POST',
        url: '/valnoir/agent/connexion',
        headers: { 'sec-fetch-site': 'same-origin' },
        payload: { courriel, mot_de_passe: 'x' },
      })
      assert.equal(hashes, 1, courriel)
    }
  } finally {
    hook.disable()
  }
})

essai('the eleventh try within three minutes is refused, even right, for an unknown address too', async () => {
  for (const courriel of ['ines@mairie.example', 'nobody@mairie.example']) {
    for (let i = 0; i < 10; i++)
      await navigateur(server).envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', { courriel, mot_de_passe: 'x' })
    const late = await navigateur(server).envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', {
      courriel,
      mot_de_passe: motDePasse,
    })
    assert.equal(late.statusCode, 429)
    assert.match(late.body, /trois minutes/)
  }
  minutes(4)
  await connecter('ines')
})

essai('a code serves once, even sent twice at the same instant', async () => {
  const opened: Navigateur[] = []
  for (let i = 0; i < 3; i++) {
    const n = navigateur(server)
    await n.envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', { courriel: 'ines@mairie.example', mot_de_passe: motDePasse })
    opened.push(n)
  }
  const statuses = await Promise.all(
    opened.map(async n => (await n.envoyer('/valnoir/agent/connexion/code', '/valnoir/agent/connexion/code', { code: code() })).statusCode),
  )
  assert.deepEqual(statuses.sort(), [303, 422, 422])
})

essai('codes are not to be guessed: ten in three minutes, fifty a day', async () => {
  const n = navigateur(server)
  await n.envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', { courriel: 'ines@mairie.example', mot_de_passe: motDePasse })
  const tryOne = async () =>
    (await n.envoyer('/valnoir/agent/connexion/code', '/valnoir/agent/connexion/code', { code: '000000' })).statusCode
  const statuses = []
  for (let i = 0; i < 11; i++) statuses.push(await tryOne())
  assert.deepEqual(statuses, [...Array(10).fill(422), 429])
  for (let round = 0; round < 5; round++) {
    minutes(4)
    for (let i = 0; i < 10; i++) await tryOne()
  }
  minutes(4)
  const late = await n.envoyer('/valnoir/agent/connexion/code', '/valnoir/agent/connexion/code', { code: code() })
  assert.equal(late.statusCode, 429)
  assert.match(late.body, /connaît peut-être votre mot de passe/)
})

essai('the guard: no session, no role here, not the permission, a role changed in between', async () => {
  const nobody = navigateur(server)
  const { _jeton } = hiddenFields((await nobody.get('/valnoir/agent/connexion')).body, '/valnoir/agent/connexion')
  const lost = await nobody.post('/valnoir/agent/dossiers/42/refus', {
    _jeton: _jeton!,
    _cle: newId(),
    motif: 'Un motif\nlong <b>',
    mot_de_passe: 'secret',
  })
  assert.equal(lost.statusCode, 401)
  assert.match(lost.body, /Un motif\nlong &lt;b>/)
  assert.match(lost.body, /href="\/valnoir\/agent\/connexion\?retour=%2Fagent%2Fdossiers%2F42"/)
  assert.doesNotMatch(lost.body, /secret/)

  const ines = await connecter('ines')
  const elsewhere = await ines.get('/autre/agent/dossiers')
  assert.equal(elsewhere.statusCode, 403)
  assert.match(elsewhere.body, /Demandez un rôle/)
  assert.equal((await ines.get('/valnoir/agent/equipe')).statusCode, 403)
  const token = hiddenFields((await ines.get('/valnoir/agent/compte')).body, '/valnoir/agent/deconnexion')
  assert.equal((await ines.post('/valnoir/agent/dossiers/42/refus', { ...token, motif: 'gardé' })).statusCode, 403)

  const ada = await connecter('ada')
  const change = await ada.envoyer(`/valnoir/agent/equipe/${ids.ines}`, `/valnoir/agent/equipe/${ids.ines}/roles`, { roles: ['decideur'] })
  assert.equal(change.statusCode, 303, change.body)
  assert.equal(
    (await ines.post('/valnoir/agent/dossiers/42/refus', { ...token })).body,
    'REFUSÉ',
    'a role takes effect at the next request',
  )
  const dora = await connecter('dora')
  assert.equal((await dora.get('/valnoir/agent/equipe')).statusCode, 200)
  await ada.envoyer(`/valnoir/agent/equipe/${ids.dora}`, `/valnoir/agent/equipe/${ids.dora}/roles`, { roles: ['lecteur'] })
  assert.equal((await dora.get('/valnoir/agent/equipe')).statusCode, 403, 'and so does a role taken away')
  assert.equal((await dora.get('/valnoir/agent/dossiers')).statusCode, 200)

  await ada.envoyer(`/valnoir/agent/equipe/${ids.ines}`, `/valnoir/agent/equipe/${ids.ines}/retrait`, {})
  assert.equal((await ines.get('/valnoir/agent/dossiers')).statusCode, 303, 'an access withdrawn closes the session')
})

essai('a session ends after 30 idle minutes, and after 12 hours whatever one does', async () => {
  const n = await connecter('ines')
  for (let i = 0; i < 29; i++) {
    minutes(25)
    const isIn = (await n.get('/valnoir/agent/dossiers')).statusCode === 200
    assert.equal(isIn, (i + 1) * 25 < 720, `after ${(i + 1) * 25} minutes`)
  }
  const other = await connecter('ines')
  minutes(31)
  assert.equal((await other.get('/valnoir/agent/dossiers')).statusCode, 303)
})

essai('signing out closes the session and clears the browser', async () => {
  const n = await connecter('dora')
  const cookie = n.cookies.get('parvis-agent')!
  const out = await n.envoyer('/valnoir/agent/compte', '/valnoir/agent/deconnexion', {})
  assert.equal(out.statusCode, 303)
  assert.equal(out.headers['clear-site-data'], '"cache", "storage"')
  assert.ok(!n.cookies.has('parvis-agent'))
  assert.match((await n.get(out.headers.location!)).body, /Vous êtes déconnecté/)
  n.cookies.set('parvis-agent', cookie)
  assert.equal((await n.get('/valnoir/agent/dossiers')).statusCode, 303)
})

essai('someone who works in two communes chooses', async () => {
  await ouvrir('dora', ['lecteur'], autre)
  const n = await connecter('dora')
  const chooser = await n.get('/valnoir/agent/collectivites')
  assert.match(chooser.body, /href="\/autre\/agent"[^>]*>Commune autre<.*Lecteur/)
  assert.match(chooser.body, /href="\/valnoir\/agent"/)
  assert.equal((await n.get('/autre/agent')).headers.location, '/autre/agent/accueil')
  assert.equal((await n.get('/autre/agent/equipe')).statusCode, 403, 'roles are those of the place')
})

async function inviter(courriel: string, roles: string[] = ['instructeur']) {
  const ada = await connecter('ada')
  const sent = await ada.envoyer('/valnoir/agent/equipe', '/valnoir/agent/equipe', { nom: 'Noé Essai', courriel, roles })
  assert.equal(sent.statusCode, 303, sent.body)
  const { rows } = await inTenant(database.app, valnoir, tx =>
    sql<{ texte: string }>`select texte from envoi where destinataire = ${courriel.toLowerCase()} order by id desc limit 1`.execute(tx),
  )
  return { ada, chemin: /http:\/\/localhost(\/valnoir\/agent\/invitation\/\S+)/.exec(rows[0]!.texte)![1]! }
}

const secretOf = (html: string): Buffer => {
  const letters = /<code class="copyable">([A-Z2-7 ]+)</.exec(html)![1]!.replaceAll(' ', '')
  const bits = [...letters].map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
}

essai('an invitation: e-mail, password, code, and one is in; the link then serves no more', async () => {
  const { chemin } = await inviter('Noe@mairie.example')
  const n = navigateur(server)
  for (const [typed, said] of [
    ['court', /trop court/],
    ['motdepasse2026', /essaie en premier/],
    ['noe@mairie.example', /votre adresse/],
  ] as const) {
    const refused = await n.envoyer(chemin, chemin, { mot_de_passe: typed })
    assert.equal(refused.statusCode, 422)
    assert.match(refused.body, said)
  }
  assert.equal((await n.get(`${chemin}/code`)).headers.location, chemin, 'first the password')
  const chosen = await n.envoyer(chemin, chemin, { mot_de_passe: 'girafe lampe virgule' })
  assert.equal(chosen.headers.location, `${chemin}/code`)
  const early = await navigateur(server).envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', {
    courriel: 'noe@mairie.example',
    mot_de_passe: 'girafe lampe virgule',
  })
  assert.equal(early.statusCode, 422, 'no account before the second factor')
  const enrol = await n.get(`${chemin}/code`)
  assert.match(enrol.body, /<img src="data:image\/png;base64,/)
  const secret = secretOf(enrol.body)
  assert.equal(secret.length, 20)
  assert.deepEqual(secretOf((await n.get(`${chemin}/code`)).body), secret, 'loading the page again does not change the secret')
  assert.equal((await n.envoyer(`${chemin}/code`, `${chemin}/code`, { code: '000000' })).statusCode, 422)
  const fields = { ...hiddenFields((await n.get(`${chemin}/code`)).body, `${chemin}/code`), code: totpCode(secret, clock.now()) }
  const done = await n.post(`${chemin}/code`, fields)
  assert.equal(done.headers.location, '/valnoir/agent', done.body)
  assert.equal((await n.get('/valnoir/agent/dossiers')).body, 'DOSSIERS Noé Essai')
  assert.equal((await navigateur(server).get(chemin)).statusCode, 410)
  assert.equal((await navigateur(server).get(`${chemin}/code`)).statusCode, 410)
  const { rows } = await sql<{
    clear: boolean
  }>`select position(${secret}::bytea in totp_secret) > 0 as clear from agent where courriel = 'noe@mairie.example'`.execute(
    database.app.kysely,
  )
  assert.equal(rows[0]!.clear, false, 'the secret is sealed')
  assert.ok((await journal()).some(entry => entry.includes('agent.invitation_acceptee')))
  const stored = await inTenant(database.app, valnoir, tx => sql<{ e: string }>`select emplacement as e from cle_idempotence`.execute(tx))
  assert.ok(
    stored.rows.every(row => !row.e.includes('/invitation/')),
    'no link is kept in clear',
  )

  minutes(1)
  const again = navigateur(server)
  await again.envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', {
    courriel: 'noe@mairie.example',
    mot_de_passe: 'girafe lampe virgule',
  })
  assert.equal(
    (await again.envoyer('/valnoir/agent/connexion/code', '/valnoir/agent/connexion/code', { code: totpCode(secret, clock.now()) }))
      .statusCode,
    303,
  )
})

essai('a new invitation kills the former, 72 hours kill it too, and so does an access withdrawn', async () => {
  const { ada, chemin } = await inviter('lea@mairie.example')
  const { rows } = await sql<{ id: string }>`select id from agent where courriel = 'lea@mairie.example'`.execute(database.app.kysely)
  const membre = `/valnoir/agent/equipe/${rows[0]!.id}`
  assert.equal((await ada.envoyer(membre, `${membre}/invitation`, {})).statusCode, 303)
  assert.equal((await navigateur(server).get(chemin)).statusCode, 410)
  const latest = async () => {
    const found = await inTenant(database.app, valnoir, tx =>
      sql<{ texte: string }>`select texte from envoi where destinataire = 'lea@mairie.example' order by id desc limit 1`.execute(tx),
    )
    return /http:\/\/localhost(\S+)/.exec(found.rows[0]!.texte)![1]!
  }
  const second = await latest()
  assert.equal((await navigateur(server).get(second)).statusCode, 200)
  assert.equal((await navigateur(server).get(second.replace('/valnoir/', '/autre/'))).statusCode, 410, 'not under another commune')
  await ada.envoyer(membre, `${membre}/retrait`, {})
  assert.equal((await navigateur(server).get(second)).statusCode, 410)
  await ada.envoyer(membre, `${membre}/retablissement`, {})
  assert.equal((await navigateur(server).get(second)).statusCode, 200)
  minutes(72 * 60 + 1)
  assert.equal((await navigateur(server).get(second)).statusCode, 410)
  assert.equal((await navigateur(server).get('/valnoir/agent/invitation/n-importe-quoi')).statusCode, 410)
})

essai('a double click invites once; mistakes keep what was typed; someone of the team is not invited again', async () => {
  const ada = await connecter('ada')
  const fields = {
    ...hiddenFields((await ada.get('/valnoir/agent/equipe')).body, '/valnoir/agent/equipe'),
    nom: 'Max',
    courriel: 'max@mairie.example',
    roles: ['lecteur'],
  }
  const twice = await Promise.all([ada.post('/valnoir/agent/equipe', fields), ada.post('/valnoir/agent/equipe', fields)])
  assert.deepEqual(
    twice.map(response => response.headers.location),
    Array(2).fill('/valnoir/agent/equipe?fait=invitation'),
  )
  const sent = await inTenant(database.app, valnoir, tx =>
    sql<{ n: number }>`select count(*)::int as n from envoi where destinataire = 'max@mairie.example'`.execute(tx),
  )
  assert.equal(sent.rows[0]!.n, 1)
  const wrong = await ada.envoyer('/valnoir/agent/equipe', '/valnoir/agent/equipe', {
    nom: 'Zoé "Z"',
    courriel: 'pas une adresse',
    roles: ['maire'],
  })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /value="Zoé &quot;Z&quot;"/)
  assert.match(wrong.body, /value="pas une adresse"/)
  assert.match(wrong.body, /2 réponses sont à revoir/)
  const known = await ada.envoyer('/valnoir/agent/equipe', '/valnoir/agent/equipe', {
    nom: 'Inès',
    courriel: 'INES@mairie.example',
    roles: ['lecteur'],
  })
  assert.equal(known.statusCode, 409)
  assert.match(known.body, /value="INES@mairie.example"/)
  assert.match((await ada.get('/valnoir/agent/equipe?fait=invitation')).body, /L’invitation est partie/)
})

essai(
  'someone who has an account elsewhere gets the role and a message, no link; e-mail alone never replaces a second factor',
  async () => {
    const invited = await inTenant(database.app, autre, tx =>
      inviterAgent(tx, app, { courriel: 'ines@mairie.example', nom: 'Autre Nom', roles: ['lecteur'], collectiviteId: autre, par: null }),
    )
    assert.ok(invited.ok && invited.value.lien === null)
    const sent = await inTenant(database.app, autre, tx =>
      sql<{ texte: string }>`select texte from envoi where destinataire = 'ines@mairie.example'`.execute(tx),
    )
    assert.doesNotMatch(sent.rows[0]!.texte, /invitation\//)
    const n = await connecter('ines', '/autre')
    assert.equal((await n.get('/autre/agent/dossiers')).body, 'DOSSIERS ines')
  },
)

essai('the command line gives a link, also to someone who lost their telephone', async () => {
  const unknown = await creerInvitation(app, { chemin: 'nulle-part', courriel: 'x@y.example', nom: 'X', roles: ['lecteur'] })
  assert.ok(!unknown.ok && unknown.refusal.status === 404)
  const roleless = await creerInvitation(app, { chemin: 'valnoir', courriel: 'x@y.example', nom: 'X', roles: ['maire'] })
  assert.ok(!roleless.ok)
  const n = await connecter('ines')
  const invited = await creerInvitation(app, { chemin: 'valnoir', courriel: 'ines@mairie.example', nom: 'Inès', roles: ['instructeur'] })
  assert.ok(invited.ok && invited.value.lien.startsWith(`${adresse}/agent/invitation/`))
  const chemin = new URL(invited.value.lien).pathname
  await navigateur(server).envoyer(chemin, chemin, { mot_de_passe: 'girafe lampe virgule' })
  assert.equal((await n.get('/valnoir/agent/dossiers')).statusCode, 303, 'the sessions of before are closed')
  assert.ok((await journal()).includes(`systeme agent.reinitialiser agent:${ids.ines}`))
})

essai('the last administrateur with an open account stays, even when two withdraw each other at once', async () => {
  const [ada, dora] = [await connecter('ada'), await connecter('dora')]
  const [toDora, toAda] = [`/valnoir/agent/equipe/${ids.dora}`, `/valnoir/agent/equipe/${ids.ada}`]
  const forms = [
    hiddenFields((await ada.get(toDora)).body, `${toDora}/retrait`),
    hiddenFields((await dora.get(toAda)).body, `${toAda}/retrait`),
  ]
  const answers = await Promise.all([ada.post(`${toDora}/retrait`, forms[0]!), dora.post(`${toAda}/retrait`, forms[1]!)])
  assert.ok(answers.filter(answer => answer.statusCode === 303 && /fait=retrait/.test(answer.headers.location ?? '')).length <= 1)
  const left = await inTenant(database.app, valnoir, tx =>
    sql<{ id: string }>`select agent_id as id from habilitation where role = 'administrateur' and retiree_le is null`.execute(tx),
  )
  assert.equal(left.rows.length, 1)
  const last = left.rows[0]!.id === ids.ada ? ada : dora
  const own = `/valnoir/agent/equipe/${left.rows[0]!.id}`
  await inviterEncore(last)
  const acts: [path: string, typed: Record<string, string[]>][] = [
    [`${own}/retrait`, {}],
    [`${own}/roles`, { roles: ['lecteur'] }],
  ]
  for (const [path, typed] of acts) {
    const refused = await last.envoyer(own, path, typed)
    assert.equal(refused.statusCode, 409, path)
    assert.match(refused.body, /seule à administrer/)
  }
  assert.equal((await last.envoyer(own, `${own}/roles`, { roles: [] })).statusCode, 422)
})

// An administrateur who has not opened their account cannot take over.
const inviterEncore = (n: Navigateur) =>
  n.envoyer('/valnoir/agent/equipe', '/valnoir/agent/equipe', {
    nom: 'Pas encore',
    courriel: 'pasencore@mairie.example',
    roles: ['administrateur'],
  })

essai('access withdrawn can be given back with the same roles, and everything is in the journal', async () => {
  const ada = await connecter('ada')
  const dora = `/valnoir/agent/equipe/${ids.dora}`
  await ada.envoyer(dora, `${dora}/roles`, { roles: ['instructeur', 'decideur'] })
  minutes(1)
  await ada.envoyer(dora, `${dora}/retrait`, {})
  const page = await ada.get(dora)
  assert.match(page.body, /Rendre l’accès/)
  assert.match((await ada.get('/valnoir/agent/equipe')).body, /Accès retiré/)
  const back = await ada.envoyer(dora, `${dora}/retablissement`, {})
  assert.equal(back.statusCode, 303)
  const roles = await inTenant(database.app, valnoir, tx =>
    sql<{ role: string }>`select role from habilitation where agent_id = ${ids.dora} and retiree_le is null order by role`.execute(tx),
  )
  assert.deepEqual(
    roles.rows.map(row => row.role),
    ['decideur', 'instructeur'],
  )
  // Undone, the teams of services are as they were; invited anew, the person is of none.
  const service = 'Action sociale'
  const teams = async () =>
    (
      await inTenant(database.app, valnoir, tx =>
        sql<{ service: string }>`select service from equipe_agent where collectivite_id = ${valnoir} and agent_id = ${ids.dora}`.execute(
          tx,
        ),
      )
    ).rows.map(row => row.service)
  await inTenant(database.app, valnoir, async tx => {
    await sql`insert into equipe (collectivite_id, service, reservee, creee_le) values (${valnoir}, ${service}, true, now())`.execute(tx)
    await sql`insert into equipe_agent (collectivite_id, service, agent_id, ajoute_le) values (${valnoir}, ${service}, ${ids.dora}, now())`.execute(
      tx,
    )
  })
  await ada.envoyer(dora, `${dora}/retrait`, {})
  await ada.envoyer(dora, `${dora}/retablissement`, {})
  assert.deepEqual(await teams(), [service])
  await ada.envoyer(dora, `${dora}/retrait`, {})
  const invited = await inTenant(database.app, valnoir, tx =>
    preparerInvitation(tx, app, {
      ...{ courriel: 'dora@mairie.example', nom: 'Dora', roles: ['lecteur'], collectiviteId: valnoir, par: ids.ada ?? null },
    }),
  )
  assert.ok(invited.ok && invited.value.agentId === ids.dora)
  assert.deepEqual(await teams(), [])
  const entries = await journal()
  for (const action of ['agent.roles', 'agent.retirer', 'agent.rendre'])
    assert.ok(entries.includes(`agent:${ids.ada} ${action} agent:${ids.dora}`), action)
})

essai('an agent of another commune is nobody here', async () => {
  const other = await ouvrir('olga', ['administrateur'], autre)
  const ada = await connecter('ada')
  assert.equal((await ada.get(`/valnoir/agent/equipe/${other}`)).statusCode, 404)
  assert.equal((await ada.get('/valnoir/agent/equipe/pas-un-id')).statusCode, 404)
  const token = hiddenFields((await ada.get('/valnoir/agent/equipe')).body, '/valnoir/agent/equipe')
  for (const act of ['roles', 'retrait', 'retablissement', 'invitation'])
    assert.equal((await ada.post(`/valnoir/agent/equipe/${other}/${act}`, { ...token, roles: 'lecteur' })).statusCode, 404, act)
  assert.doesNotMatch((await ada.get('/valnoir/agent/equipe')).body, /olga/)
})

essai('hostile fields have an answer in French, never an accident', async () => {
  const ada = await connecter('ada')
  const token = hiddenFields((await ada.get('/valnoir/agent/equipe')).body, '/valnoir/agent/equipe')
  const values = ['', '\u0000', '\ud800', 'x'.repeat(5000), "' or 1=1 --", '<script>', ['a', 'b'], '٣٤٥٦٧٨']
  for (const value of values) {
    for (const [path, names] of [
      ['/valnoir/agent/connexion', ['courriel', 'mot_de_passe', 'retour']],
      ['/valnoir/agent/connexion/code', ['code', 'retour']],
      ['/valnoir/agent/equipe', ['courriel', 'nom', 'roles', '_cle']],
      [`/valnoir/agent/equipe/${ids.ines}/roles`, ['roles', '_cle']],
      ['/valnoir/agent/invitation/x', ['mot_de_passe']],
      ['/valnoir/agent/invitation/x/code', ['code', '_cle']],
    ] as const)
      for (const name of names) {
        const { statusCode } = await ada.post(path, { ...token, courriel: 'a@b.example', nom: 'N', roles: 'lecteur', [name]: value })
        assert.ok(statusCode < 500, `${path} ${name} ${JSON.stringify(value).slice(0, 40)}: ${statusCode}`)
      }
  }
  for (const url of [
    '/valnoir/agent/connexion?retour=//evil.example',
    '/valnoir/agent/connexion?retour=a&retour=b',
    '/valnoir/agent/equipe?fait=__proto__',
  ])
    assert.ok((await ada.get(url)).statusCode < 500, url)
})

essai('the pages are valid HTML', async () => {
  const { ada, chemin } = await inviter('eve@mairie.example')
  await navigateur(server).envoyer(chemin, chemin, { mot_de_passe: 'girafe lampe virgule' })
  const anonymous = navigateur(server)
  const half = navigateur(server)
  await half.envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', { courriel: 'ines@mairie.example', mot_de_passe: motDePasse })
  const pages = [
    await anonymous.get('/agents'),
    await anonymous.get('/valnoir/agent/connexion?retour=/agent/equipe'),
    await anonymous.envoyer('/valnoir/agent/connexion', '/valnoir/agent/connexion', { courriel: 'x', mot_de_passe: 'x' }),
    await half.get('/valnoir/agent/connexion/code'),
    await anonymous.get(chemin),
    await anonymous.get(`${chemin}/code`),
    await ada.get('/valnoir/agent/collectivites'),
    await ada.get('/valnoir/agent/compte'),
    await ada.get('/valnoir/agent/equipe?fait=roles'),
    await ada.get(`/valnoir/agent/equipe/${ids.ines}`),
    await ada.envoyer('/valnoir/agent/equipe', '/valnoir/agent/equipe', { nom: '', courriel: '' }),
  ]
  const off = [
    'void-style',
    'attribute-boolean-style',
    'attribute-empty-style',
    'no-trailing-whitespace',
    'long-title',
    'doctype-style',
    'no-redundant-role',
    'require-sri',
    'no-autofocus',
  ]
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
      ...Object.fromEntries(off.map(rule => [rule, 'off'])),
      'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
      'prefer-native-element': [
        'error',
        { exclude: ['table', 'rowgroup', 'row', 'columnheader', 'rowheader', 'cell', 'search', 'status'] },
      ],
    },
  })
  for (const { body, statusCode } of pages) {
    assert.ok([200, 422].includes(statusCode), `${statusCode} ${body.slice(0, 200)}`)
    const report = await validator.validateString(body)
    const problems = report.results.flatMap(result =>
      result.messages.map(message => `${message.ruleId}: ${message.message} (${message.selector})`),
    )
    assert.deepEqual(problems, [], /<h1>(.*?)<\/h1>/.exec(body)?.[1])
  }
})
