import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { testApp } from '../../platform/app.testing.ts'
import type { App } from '../../platform/app.ts'
import { stoppedClock } from '../../platform/clock.ts'
import { inTenant, openDatabase } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { createServer } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { startWorker } from '../../platform/jobs/jobs.ts'
import { openMailer } from '../../platform/mail/mailer.ts'
import { MailFailure } from '../../platform/mail/message.ts'
import { collectiviteDuChemin } from '../territoire/index.ts'
import { ESSAIS_AU_PLUS } from './envoi.ts'
import { type EnvoiResume, effacerEnvoisDuDossier, envoisDuDossier, envoyer } from './index.ts'
import { remettreEnvoi } from './jobs/remettre-envoi.ts'
import { envois } from './module.ts'

const database = await testDatabase()
const [valnoir, autre] = [newId(), newId()]
const dossier = newId()

before(async () => {
  for (const [id, chemin] of [
    [valnoir, 'valnoir'],
    [autre, 'autre'],
  ]) {
    await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${id}, 'commune', ${`Commune ${chemin}`}, ${chemin}, ${chemin}, now())`.execute(
      database.owner.kysely,
    )
  }
  await inTenant(database.app, valnoir, tx =>
    sql`insert into reglage (collectivite_id, telephone, courriel, source, modifie_le) values (${valnoir}, '02 61 91 00 12', 'mairie@valnoir.example', 'essai', now())`.execute(
      tx,
    ),
  )
})

const ecrire = (app: App, destinataire = 'camille@usager.example', dossierId = dossier) =>
  inTenant(database.app, valnoir, tx =>
    envoyer(tx, app, {
      collectiviteId: valnoir,
      dossierId,
      destinataire,
      sujet: 'Accusé\nde réception',
      titre: 'Reçu',
      paragraphes: ['Bonjour', { lien: { texte: 'Suivre', href: 'http://localhost/valnoir/suivi' } }],
    }),
  )
const lire = async (id: string, dossierId = dossier): Promise<EnvoiResume> =>
  (await inTenant(database.app, valnoir, tx => envoisDuDossier(tx, valnoir, dossierId))).find(envoi => envoi.id === id)!
const payload = (envoiId: string) => ({ collectiviteId: valnoir, envoiId })

/** A real SMTP server, and an app whose mailer speaks to it. `received` is what it took, and acknowledges after `answerMs`. */
async function withServer(t: TestContext, options: SMTPServerOptions = {}, answerMs: () => number = () => 0, takenFolder?: string) {
  const received: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, _session, callback) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        received.push(Buffer.concat(parts).toString('utf8'))
        setTimeout(callback, answerMs())
      })
    },
    ...options,
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as { port: number }
  const mailer = openMailer({
    smtpUrl: `smtp://127.0.0.1:${port}`,
    from: 'ne-pas-repondre@territoire.example',
    timeoutMs: 1500,
    takenFolder,
  })
  t.after(async () => {
    await mailer.close()
    await new Promise<void>(resolve => server.close(() => resolve()))
  })
  return { app: testApp(database.app, { mailer }), received }
}

const until = async (isDone: () => boolean | Promise<boolean>) => {
  for (let i = 0; i < 200 && !(await isDone()); i++) await sleep(25)
}

test('a message leaves by the worker with the name and telephone of the commune, and only if the transaction commits', async t => {
  const { app, received } = await withServer(t)
  await assert.rejects(
    inTenant(database.app, valnoir, async tx => {
      await envoyer(tx, app, { collectiviteId: valnoir, destinataire: 'x@y.example', sujet: 's', titre: 't', paragraphes: [] })
      throw new Error('rolled back')
    }),
  )
  const id = await ecrire(app)
  const worker = await startWorker(app, envois.jobs!, [])
  await until(async () => (await lire(id)).etat === 'remis')
  await worker.stop()
  assert.equal(received.length, 1)
  assert.match(received[0]!, new RegExp(`^Message-ID: <${id}@territoire\\.example>`, 'im'))
  assert.match(received[0]!, /^From: "?Commune valnoir"? </m)
  assert.match(received[0]!, /^Reply-To: .*mairie@valnoir\.example/m)
  assert.match(received[0]!, /02 61 91 00 12/)
  assert.ok((await lire(id)).remisLe)
})

test('a message acknowledged is never handed over again, even by two workers at once', async t => {
  const { app, received } = await withServer(t)
  const id = await ecrire(app)
  await Promise.all([remettreEnvoi(app, payload(id)), remettreEnvoi(app, payload(id)), remettreEnvoi(app, payload(id))])
  await remettreEnvoi(app, payload(id))
  assert.equal(received.length, 1)
})

test('a refused address ends there, and the agent reads why', async t => {
  const { app, received } = await withServer(t, {
    onRcptTo: (_address, _session, callback) => callback(Object.assign(new Error('inconnu'), { responseCode: 550 })),
  })
  const id = await ecrire(app)
  await remettreEnvoi(app, payload(id))
  assert.equal((await lire(id)).etat, 'refuse')
  assert.match((await lire(id)).erreur!, /refusé.*téléphone/)
  const illWritten = await ecrire(app, 'a@b.example, c@d.example')
  await remettreEnvoi(app, payload(illWritten))
  assert.match((await lire(illWritten)).erreur!, /mal écrite/)
  await remettreEnvoi(app, payload(id))
  assert.equal(received.length, 0)
})

/** Takes the envelope as a server does, then the line is cut in the middle of the message. */
async function cuttingApp(t: TestContext): Promise<App> {
  const server = createTcpServer(socket => {
    let isData = false
    socket.on('error', () => {})
    socket.write('220 test\r\n')
    socket.on('data', bytes => {
      if (isData) return socket.destroy()
      isData = bytes.toString().startsWith('DATA')
      socket.write(isData ? '354 go\r\n' : '250 ok\r\n')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const mailer = openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'a@b.example', timeoutMs: 500 })
  t.after(async () => {
    await mailer.close()
    server.close()
  })
  return testApp(database.app, { mailer })
}

test('a server that is busy, then cuts, then works: two tries noted and thrown, the third delivers', async t => {
  const busy = await withServer(t, {
    onRcptTo: (_address, _session, callback) => callback(Object.assign(new Error('plus tard'), { responseCode: 451 })),
  })
  const works = await withServer(t)
  const id = await ecrire(works.app)
  for (const app of [busy.app, await cuttingApp(t)]) {
    await assert.rejects(remettreEnvoi(app, payload(id)), MailFailure)
    const { etat, erreur } = await lire(id)
    assert.equal(etat, 'a_remettre')
    assert.match(erreur!, /nouvel essai/)
  }
  await remettreEnvoi(works.app, payload(id))
  const { etat, erreur } = await lire(id)
  assert.deepEqual({ etat, erreur, received: works.received.length }, { etat: 'remis', erreur: null, received: 1 })
})

test('a server slow at each step is waited for: its silences together are longer than our patience, which is for one', async t => {
  const slow = { onConnect: late, onMailFrom: lateAfter, onRcptTo: lateAfter }
  const { app, received } = await withServer(t, slow, () => 500)
  const id = await ecrire(app)
  await remettreEnvoi(app, payload(id))
  const { etat, erreur } = await lire(id)
  assert.deepEqual({ etat, erreur, received: received.length }, { etat: 'remis', erreur: null, received: 1 })
})

const late = (_session: unknown, callback: () => void) => void setTimeout(callback, 500)
const lateAfter = (_address: unknown, session: unknown, callback: () => void) => late(session, callback)

test('a server that takes a message and answers beyond our patience: others are written meanwhile, and the next try bears the same Message-ID', async t => {
  let answerMs = 4000
  const { app, received } = await withServer(t, {}, () => answerMs)
  const id = await ecrire(app)
  const sending = assert.rejects(remettreEnvoi(app, payload(id)), MailFailure)
  await until(() => received.length > 0)
  await ecrire(app)
  assert.equal((await lire(id)).etat, 'a_remettre')
  await sending
  assert.match((await lire(id)).erreur!, /nouvel essai/)
  answerMs = 0
  await remettreEnvoi(app, payload(id))
  assert.equal((await lire(id)).etat, 'remis')
  assert.equal(received.length, 2)
  assert.equal(new Set(received.map(raw => /^Message-ID: (.*)$/im.exec(raw)?.[1])).size, 1)
})

test('killed between the acknowledgement and the commit: the message does not leave again; where nothing is remembered it does, under the same Message-ID', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-remises-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [takenFolder, times] of [
    [folder, 1],
    [undefined, 2],
  ] as const) {
    const { app, received } = await withServer(t, {}, undefined, takenFolder)
    const id = await ecrire(app)
    const dying = testApp(database.app, {
      mailer: {
        ...app.mailer,
        async send(message) {
          await app.mailer.send(message)
          throw new Error('killed')
        },
      },
    })
    await assert.rejects(remettreEnvoi(dying, payload(id)), /killed/)
    assert.equal((await lire(id)).etat, 'a_remettre')
    assert.deepEqual(readdirSync(folder), takenFolder ? [id] : [])
    await remettreEnvoi(app, payload(id))
    assert.equal((await lire(id)).etat, 'remis')
    assert.equal(received.length, times)
    assert.equal(new Set(received.map(raw => /^Message-ID: (.*)$/im.exec(raw)?.[1])).size, 1)
    assert.deepEqual(readdirSync(folder), [], 'once written, it is not remembered any more')
  }
})

test('an absent server is tried until the last try, then the agent is told', async () => {
  const app = testApp(database.app, { mailer: openMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'a@b.example', timeoutMs: 300 }) })
  const id = await ecrire(app)
  await inTenant(database.app, valnoir, tx =>
    sql`update envoi set tentatives = ${ESSAIS_AU_PLUS - 2} where collectivite_id = ${valnoir} and id = ${id}`.execute(tx),
  )
  await assert.rejects(remettreEnvoi(app, payload(id)))
  assert.equal((await lire(id)).etat, 'a_remettre')
  await remettreEnvoi(app, payload(id))
  assert.equal((await lire(id)).etat, 'refuse')
  assert.match((await lire(id)).erreur!, /trois jours/)
})

test('after six months nothing is left, and a lost job is put back', async () => {
  const clock = stoppedClock('2026-01-10T08:00:00Z')
  const app = testApp(database.app, { clock })
  const purged = newId()
  await ecrire(app, 'a@b.example', purged)
  clock.set('2026-07-09T08:00:00Z')
  const kept = await ecrire(app, 'a@b.example', purged)
  clock.set('2026-07-14T08:00:00Z')
  await sql`delete from graphile_worker._private_jobs where key = ${`envoi|${kept}`}`.execute(database.app.kysely)
  await envois.jobs!['entretenir-envois']!(app, {})
  const left = await inTenant(database.app, valnoir, tx => envoisDuDossier(tx, valnoir, purged))
  assert.deepEqual(
    left.map(envoi => envoi.id),
    [kept],
  )
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from graphile_worker._private_jobs where key = ${`envoi|${kept}`}`.execute(database.app.kysely)
  assert.equal(rows[0]!.n, 1)
  assert.equal(await inTenant(database.app, valnoir, tx => effacerEnvoisDuDossier(tx, valnoir, purged)), 1)
})

test('the database that goes while the mail server answers: what it said is written when it is back, and the message leaves once', async () => {
  let taken = 0
  const app = testApp(database.app, {
    mailer: {
      async send({ envoiId }) {
        taken++
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and usename = 'parvis_application' and pid <> pg_backend_pid()`.execute(superuser.kysely)
        return { messageId: envoiId }
      },
      forget() {},
      close: async () => {},
    },
  })
  const superuser = openDatabase({ ...database.ownerConnection, user: 'postgres' } as typeof database.ownerConnection, { max: 1 })
  const id = await ecrire(app)
  await remettreEnvoi(app, payload(id))
  await remettreEnvoi(app, payload(id))
  await superuser.close()
  assert.equal(taken, 1)
  assert.equal((await lire(id)).etat, 'remis')
})

test('the letter box of the demonstration: 25 a page, links to follow, nothing of another commune, nothing outside the demonstration', async () => {
  const app = testApp(database.app)
  const hooks = {
    tenant: collectiviteDuChemin,
    segmentOfHost: () => undefined,
    agent: async () => ({ html: '' }),
    errorPage: () => 'ERREUR',
  }
  const server = await createServer(app, envois.routes, hooks)
  const ids: string[] = []
  for (let i = 0; i < 26; i++) ids.push(await ecrire(app, `personne${i}@usager.example`))
  const first = await server.inject('/valnoir/boite-d-envoi')
  assert.equal(first.statusCode, 200)
  assert.equal(first.body.match(/href="\/valnoir\/boite-d-envoi\/[0-9a-f-]{36}"/g)?.length, 25)
  assert.match(first.body, /aucun message ne quitte cette machine/)
  assert.match(first.body, /personne25@/)
  assert.doesNotMatch(first.body, /personne0@/)
  assert.match((await server.inject('/valnoir/boite-d-envoi?page=2')).body, /personne0@/)
  const message = await server.inject(`/valnoir/boite-d-envoi/${ids[0]}`)
  assert.match(message.body, /<a href="http:\/\/localhost\/valnoir\/suivi">/)
  assert.match(message.body, /DÉMONSTRATION/)
  const foreign = await server.inject(`/autre/boite-d-envoi/${ids[0]}`)
  const unknown = await server.inject('/valnoir/boite-d-envoi/pas-un-id')
  assert.deepEqual([foreign.statusCode, unknown.statusCode, foreign.body], [404, 404, unknown.body])
  assert.match((await server.inject('/autre/boite-d-envoi')).body, /Aucun message/)
  for (const query of ['?page=', '?page=abc', '?page=-1', '?page=999999999', '?page=1&page=2', '?page[]=1', '?page=%00'])
    assert.equal((await server.inject(`/valnoir/boite-d-envoi${query}`)).statusCode, 200, query)
  const real = await createServer(testApp(database.app, { config: { ...app.config, demonstration: false } }), envois.routes, hooks)
  assert.equal((await real.inject('/valnoir/boite-d-envoi')).statusCode, 404)
})
