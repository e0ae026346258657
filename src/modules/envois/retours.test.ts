import assert from 'node:assert/strict'
import { once } from 'node:events'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { testApp } from '../../platform/app.testing.ts'
import { stoppedClock } from '../../platform/clock.ts'
import { inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { newId } from '../../platform/ids.ts'
import { openMailer } from '../../platform/mail/mailer.ts'
import { envoisDuDossier, envoisEnEchec, envoyer, noterRetour } from './index.ts'
import { remettreEnvoi } from './jobs/remettre-envoi.ts'
import { lireRetour, RETOUR_MAX_BYTES, raisonDuRetour } from './retour.ts'

const database = await testDatabase()
const [valnoir, autre, dossier] = [newId(), newId(), newId()]
const DOMAINE = 'guichet.example'
const clock = stoppedClock('2026-11-21T09:30:00Z')

before(async () => {
  for (const [id, chemin] of [
    [valnoir, 'valnoir'],
    [autre, 'autre'],
  ])
    await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${id}, 'commune', ${`Commune ${chemin}`}, ${chemin}, ${chemin}, now())`.execute(
      database.owner.kysely,
    )
})

/** A notification after the first example of RFC 3464, appendix E.1: a report in three parts. */
const rapport = (
  messageId: string,
  {
    action = 'failed',
    status = '5.1.1',
    original = 'message/rfc822',
    fold = false,
  }: { action?: string; status?: string; original?: string; fold?: boolean } = {},
) =>
  `Date: Sat, 21 Nov 2026 09:31:00 +0000
From: Mail Delivery Subsystem <MAILER-DAEMON@usager.example>
Message-ID: <199407072116.RAA14128@usager.example>
To: <ne-pas-repondre@${DOMAINE}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
      boundary="RAA14128.773615765/usager.example"
Subject: Returned mail: Cannot send message for 5 days

--RAA14128.773615765/usager.example

The original message was received at Sat, 21 Nov 2026 09:30:00 +0000

   ----- The following addresses had delivery problems -----
<camille@usager.example>  (unrecoverable error)

--RAA14128.773615765/usager.example
content-type: message/delivery-status

Reporting-MTA: dns; mx.usager.example
Arrival-Date: Sat, 21 Nov 2026 09:30:00 +0000

Original-Recipient: rfc822;camille@usager.example
Final-Recipient: rfc822;camille@usager.example
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; 550 user unknown
Last-Attempt-Date: Sat, 21 Nov 2026 09:30:10 +0000

--RAA14128.773615765/usager.example
content-type: ${original}

From: Commune valnoir <ne-pas-repondre@${DOMAINE}>
To: camille@usager.example
Message-ID:${fold ? '\n ' : ' '}${messageId}
Subject: =?UTF-8?Q?Accus=C3=A9?=

[ the text of the message goes here ]
--RAA14128.773615765/usager.example--
`.replaceAll('\n', '\r\n')

async function unEnvoi(app = testApp(database.app, { clock })): Promise<string> {
  return inTenant(database.app, valnoir, async tx => {
    const id = await envoyer(tx, app, {
      collectiviteId: valnoir,
      dossierId: dossier,
      destinataire: 'camille@usager.example',
      sujet: 'Accusé',
      titre: 'Reçu',
      paragraphes: ['Bonjour'],
    })
    await sql`update envoi set etat = 'remis', remis_le = now() where collectivite_id = ${valnoir} and id = ${id}`.execute(tx)
    return id
  })
}
const revenir = (text: string) => noterRetour(database.owner, clock, DOMAINE, Buffer.from(text))
const etatDe = async (id: string) =>
  (await inTenant(database.app, valnoir, tx => envoisDuDossier(tx, valnoir, dossier))).find(one => one.id === id)!

test('a message that comes back is noted once on its dossier, with the reason in French', async () => {
  const id = await unEnvoi()
  assert.equal(await revenir(rapport(`<${id}@${DOMAINE}>`)), 'note')
  const { etat, erreur } = await etatDe(id)
  assert.equal(etat, 'refuse')
  assert.match(erreur!, /n’existe pas/)
  assert.equal(await revenir(rapport(`<${id}@${DOMAINE}>`)), 'deja_note')
  const { rows } = await inTenant(database.app, valnoir, tx =>
    sql<{ n: number }>`select count(*)::int as n from journal where collectivite_id = ${valnoir} and objet = ${`envoi:${id}`}`.execute(tx),
  )
  assert.equal(rows[0]!.n, 1)
})

test('headers alone, a folded Message-ID, line ends of Unix: as mail servers write them', async () => {
  for (const text of [
    rapport(`<${await unEnvoi()}@${DOMAINE}>`, { original: 'text/rfc822-headers' }),
    rapport(`<${await unEnvoi()}@${DOMAINE.toUpperCase()}>`, { fold: true }),
    rapport(`<${await unEnvoi()}@${DOMAINE}>`).replaceAll('\r\n', '\n'),
  ])
    assert.equal(await revenir(text), 'note')
})

test('what is only late, delivered or relayed changes nothing', async () => {
  const id = await unEnvoi()
  for (const action of ['delayed', 'delivered', 'relayed', 'expanded'])
    assert.equal(await revenir(rapport(`<${id}@${DOMAINE}>`, { action, status: '4.4.1' })), 'en_cours')
  assert.equal((await etatDe(id)).etat, 'remis')
})

test('a forged, foreign or unrelated message changes nothing, and says so', async () => {
  const id = await unEnvoi()
  const unrelated = [
    rapport(`<${newId()}@${DOMAINE}>`),
    rapport(`<${id}@ailleurs.example>`),
    rapport('<bonjour@usager.example>'),
    rapport(`<${id}@${DOMAINE}>`).replace('message/delivery-status', 'text/plain'),
    `Subject: Absence\r\nIn-Reply-To: <${id}@${DOMAINE}>\r\n\r\nJe suis absente. Action: failed\r\nMessage-ID: <${id}@${DOMAINE}>\r\n`,
    '',
    'ceci n’est pas un message',
  ]
  for (const text of unrelated) assert.equal(await revenir(text), 'etranger', text.slice(0, 80))
  assert.equal(await noterRetour(database.owner, clock, DOMAINE, Buffer.alloc(RETOUR_MAX_BYTES + 1)), 'trop_long')
  assert.equal((await etatDe(id)).etat, 'remis')
})

test('whatever the bytes, the reading ends and never throws', async () => {
  const base = Buffer.from(rapport(`<${newId()}@${DOMAINE}>`))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 30 }), async changes => {
      const bytes = Buffer.from(base)
      for (const [at, byte] of changes) bytes[at] = byte
      await lireRetour(bytes, DOMAINE)
    }),
    { numRuns: 200 },
  )
  const nested = `${Array.from({ length: 300 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join('')}x`
  assert.equal(await lireRetour(Buffer.from(nested), DOMAINE), undefined)
})

test('each status has its sentence', () => {
  const sentences = ['5.1.1', '5.2.2', '5.2.1', '5.7.1', '4.4.7', '5.4.4', '5.0.0', ''].map(raisonDuRetour)
  assert.equal(new Set(sentences).size, 6)
  for (const sentence of sentences) assert.match(sentence, /[Jj]oignez-la/)
})

test('what failed is told until a later message about the dossier was taken', async () => {
  const other = newId()
  const failing = () =>
    inTenant(database.app, valnoir, async tx =>
      (await envoisEnEchec(tx, valnoir)).filter(({ dossierId }) => dossierId === other).map(({ id }) => id),
    )
  const about = async (etat: string) => {
    const id = await unEnvoi()
    await inTenant(database.app, valnoir, tx =>
      sql`update envoi set dossier_id = ${other}, etat = ${etat} where collectivite_id = ${valnoir} and id = ${id}`.execute(tx),
    )
    return id
  }
  const first = await about('refuse')
  assert.deepEqual(await failing(), [first])
  await about('a_remettre')
  assert.deepEqual(await failing(), [first])
  await about('remis')
  assert.deepEqual(await failing(), [])
})

test('with a real peer: taken, then returned to its envelope sender under the Message-ID it carried', async t => {
  let raw = ''
  let sender = ''
  const peer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onMailFrom: ({ address }, _session, done) => {
      sender = address
      done()
    },
    onData: (stream, _session, done) => {
      stream.on('data', (part: Buffer) => {
        raw += part.toString()
      })
      stream.on('end', () => done())
    },
  })
  peer.listen(0, '127.0.0.1')
  await once(peer.server, 'listening')
  const { port } = peer.server.address() as { port: number }
  const mailer = openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: `ne-pas-repondre@${DOMAINE}` })
  t.after(async () => {
    await mailer.close()
    await new Promise<void>(done => peer.close(done))
  })
  const app = testApp(database.app, { clock, mailer })
  const id = await unEnvoi(app)
  await inTenant(database.app, valnoir, tx =>
    sql`update envoi set etat = 'a_remettre' where collectivite_id = ${valnoir} and id = ${id}`.execute(tx),
  )
  await remettreEnvoi(app, { collectiviteId: valnoir, envoiId: id })
  assert.equal(sender, `ne-pas-repondre@${DOMAINE}`)
  const returned = rapport('<x>').replace(
    /Message-ID: <x>[\s\S]*?(?=\r\n--RAA)/,
    raw
      .split('\r\n\r\n')[0]!
      .split('\r\n')
      .find(line => /^message-id:/i.test(line))!,
  )
  assert.equal(await revenir(returned), 'note')
  assert.equal((await etatDe(id)).etat, 'refuse')
})
