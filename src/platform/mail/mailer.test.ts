import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { stoppedClock } from '../clock.ts'
import { newId } from '../ids.ts'
import { memoryMailer, openMailer } from './mailer.ts'
import { headerText, isPlainAddress, MailFailure, type MailMessage } from './message.ts'

const from = 'ne-pas-repondre@territoire.example'

function message(more: Partial<MailMessage> = {}): MailMessage {
  return {
    envoiId: newId(),
    to: 'camille@usager.example',
    subject: 'Accusé de réception',
    text: 'Bonjour',
    html: '<p>Bonjour</p>',
    ...more,
  }
}

interface Received {
  readonly raw: string
  readonly recipients: string[]
}

/** A real SMTP server on a free port, and a mailer that speaks to it. */
async function withServer(t: TestContext, options: SMTPServerOptions = {}) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, callback) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        received.push({ raw: Buffer.concat(parts).toString('utf8'), recipients: session.envelope.rcptTo.map(to => to.address) })
        callback()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as { port: number }
  const mailer = openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from, timeoutMs: 1500 })
  t.after(async () => {
    await mailer.close()
    await new Promise<void>(resolve => server.close(() => resolve()))
  })
  return { mailer, received, port }
}

/** Takes the envelope as a server does, then the line is cut in the middle of the message. */
function cutsInTheData(socket: Socket): void {
  let isData = false
  socket.on('error', () => {})
  socket.write('220 test\r\n')
  socket.on('data', bytes => {
    if (isData) return socket.destroy()
    isData = bytes.toString().startsWith('DATA')
    socket.write(isData ? '354 go\r\n' : '250 ok\r\n')
  })
}

const refusal = (responseCode: number): Error => Object.assign(new Error('refused'), { responseCode })
const failsWith = (isPermanent: boolean) => (error: unknown) => error instanceof MailFailure && error.isPermanent === isPermanent

function unfolded(raw: string): string {
  return raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]/g, ' ')
}

function decodedSubject(raw: string): string {
  const line = /^Subject: (.*)$/m.exec(unfolded(raw))?.[1] ?? ''
  return line.replace(/\?= =\?/g, '?==?').replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_, kind: string, text: string) =>
    kind.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64').toString()
      : Buffer.from(
          text.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ).toString(),
  )
}

function partsOf(raw: string): string[] {
  return raw.split(/^--.*$/m).flatMap(part => {
    const at = part.indexOf('\r\n\r\n')
    const head = part.slice(0, at)
    const body = part.slice(at + 4).trimEnd()
    if (/base64/i.test(head)) return [Buffer.from(body, 'base64').toString()]
    const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    return /quoted-printable/i.test(head) ? [Buffer.from(bytes, 'latin1').toString()] : [body]
  })
}

test('a message arrives with its accents, its long lines, its id and its attachment', async t => {
  const { mailer, received } = await withServer(t)
  const text = `Été à Vassy-lès-Œufs, 12 €.\r\n${'très long '.repeat(400)}\r\n.\r\nfin`
  const sent = message({
    subject: `Inscription reçue : ${'élève '.repeat(25)}`,
    text,
    fromName: 'Commune de L’Île, « centre »',
    replyTo: 'mairie@valnoir.example',
    attachments: [{ name: 'Accusé.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7 abc') }],
  })
  const { messageId } = await mailer.send(sent)
  assert.equal(messageId, `<${sent.envoiId}@territoire.example>`)
  const { raw, recipients } = received[0]!
  assert.deepEqual(recipients, ['camille@usager.example'])
  assert.match(unfolded(raw), new RegExp(`^Message-ID: ${messageId}$`, 'm'))
  assert.match(unfolded(raw), /^Auto-Submitted: auto-generated$/m)
  assert.match(unfolded(raw), /^Reply-To: .*<mairie@valnoir\.example>$/m)
  assert.equal(decodedSubject(raw), headerText(sent.subject))
  assert.ok(
    raw.split('\r\n').every(line => Buffer.byteLength(line) <= 998),
    'RFC 5322 §2.1.1',
  )
  const parts = partsOf(raw)
  assert.ok(
    parts.some(part => part.replace(/\r\n/g, '\n').trim() === text.replace(/\r\n/g, '\n').trim()),
    'the text is whole',
  )
  assert.ok(parts.includes('%PDF-1.7 abc'))
})

test('the same sending twice bears the same Message-ID', async t => {
  const { mailer, received } = await withServer(t)
  const sent = message()
  await mailer.send(sent)
  await mailer.send(sent)
  assert.equal(new Set(received.map(({ raw }) => /^Message-ID: (.*)$/m.exec(raw)?.[1])).size, 1)
})

test('a message that the server took is not handed over again by another process, until it is forgotten; a disk that refuses costs a double, not a message', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-remises-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const { mailer, received, port } = await withServer(t)
  const opened = (takenFolder: string) => openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from, timeoutMs: 1500, takenFolder })
  const sent = message()
  const processes = [opened(folder), opened(folder), opened('/dev/null/remises')]
  const [first, second, ill] = processes as [(typeof processes)[0], (typeof processes)[0], (typeof processes)[0]]
  assert.deepEqual(await first.send(sent), await second.send(sent))
  assert.equal(received.length, 1)
  await first.send(message())
  assert.equal(received.length, 2)
  second.forget(sent.envoiId)
  await first.send(sent)
  assert.equal(received.length, 3)
  await ill.send(sent)
  await ill.send(sent)
  ill.forget(sent.envoiId)
  assert.equal(received.length, 5)
  const later = stoppedClock(new Date(Date.parse('2026-11-22') + 10 * 365 * 86_400_000).toISOString())
  await openMailer({ from, smtpUrl: `smtp://127.0.0.1:${port}`, takenFolder: folder, clock: later }).close()
  assert.deepEqual(readdirSync(folder), [], 'what a killed process left is not kept for ever')
  for (const one of [...processes, mailer]) await one.close()
})

test('the word of the server is read and kept while the process is busy with something else', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-remises-'))
  t.after(() => rmSync(folder, { recursive: true }))
  let keptMeanwhile: string[] = []
  const { mailer: idle, port } = await withServer(t, {
    onData: (stream, _session, callback) => {
      stream.resume()
      stream.on('end', () => {
        callback()
        // This process, which is the mailer's, does nothing else from here: only another thread can read and write.
        for (let tries = 0; tries < 200 && keptMeanwhile.length === 0; tries++) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
          keptMeanwhile = readdirSync(folder)
        }
      })
    },
  })
  const mailer = openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from, timeoutMs: 5000, takenFolder: folder })
  const sent = message()
  await mailer.send(sent)
  assert.deepEqual(keptMeanwhile, [sent.envoiId])
  await Promise.all([mailer.close(), idle.close()])
})

test('an address refused with 550 is permanent, 451 is to be tried again, and the next message still leaves', async t => {
  const { mailer, received } = await withServer(t, {
    onRcptTo: (address, _session, callback) =>
      callback(address.address.startsWith('inconnu') ? refusal(550) : address.address.startsWith('plus-tard') ? refusal(451) : null),
  })
  await assert.rejects(mailer.send(message({ to: 'inconnu@usager.example' })), failsWith(true))
  await assert.rejects(mailer.send(message({ to: 'plus-tard@usager.example' })), failsWith(false))
  await mailer.send(message())
  assert.equal(received.length, 1)
})

test('a message refused after its data is permanent; our own sender or account refused is not the address’s fault', async t => {
  const data = await withServer(t, {
    onData: (stream, _session, callback) => {
      stream.resume()
      stream.on('end', () => callback(refusal(554)))
    },
  })
  await assert.rejects(data.mailer.send(message()), failsWith(true))
  const sender = await withServer(t, { onMailFrom: (_address, _session, callback) => callback(refusal(550)) })
  await assert.rejects(sender.mailer.send(message()), failsWith(false))
  const account = await withServer(t, {
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, callback) => callback(refusal(535)),
  })
  const mailer = openMailer({ smtpUrl: `smtp://moi:secret@127.0.0.1:${account.port}`, from, timeoutMs: 1500 })
  await assert.rejects(mailer.send(message()), failsWith(false))
  await mailer.close()
})

test('a server that cuts, is silent, or is absent: to be tried again, within the time given', async t => {
  const hangsUp = createServer(socket => socket.end('421 non\r\n'))
  const silent = createServer(socket => socket.on('error', () => {}))
  for (const server of [hangsUp, silent, createServer(cutsInTheData)]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const mailer = openMailer({ smtpUrl: `smtp://127.0.0.1:${(server.address() as { port: number }).port}`, from, timeoutMs: 300 })
    const start = performance.now()
    await assert.rejects(mailer.send(message({ text: 'x'.repeat(100_000) })), failsWith(false))
    assert.ok(performance.now() - start < 5000)
    await mailer.close()
  }
  const absent = openMailer({ smtpUrl: 'smtp://127.0.0.1:1', from, timeoutMs: 300 })
  await assert.rejects(absent.send(message()), failsWith(false))
  await absent.close()
})

test('a server that offers no encryption is refused when encryption is required', async t => {
  const { port, received } = await withServer(t)
  const mailer = openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from, requireTls: true, timeoutMs: 1000 })
  await assert.rejects(mailer.send(message()), failsWith(false))
  assert.equal(received.length, 0)
  await mailer.close()
})

test('nothing typed becomes a header or another recipient', async t => {
  const { mailer, received } = await withServer(t)
  const injection = 'Bonjour\r\nBcc: autre@ailleurs.example\r\n\r\ncorps'
  await mailer.send(
    message({ subject: injection, fromName: injection, attachments: [{ name: injection, type: 'text/plain', bytes: Buffer.from('x') }] }),
  )
  const { raw, recipients } = received[0]!
  assert.deepEqual(recipients, ['camille@usager.example'])
  assert.doesNotMatch(raw, /^Bcc:/im)
  for (const to of [
    'a@x.example, b@y.example',
    'a@x.example\r\nRCPT TO:<b@y.example>',
    'Nom <a@x.example>',
    '"a b"@x.example',
    'a',
    '',
    `a@${'x'.repeat(250)}.example`,
  ]) {
    await assert.rejects(mailer.send(message({ to })), failsWith(true), to)
  }
  await assert.rejects(mailer.send(message({ envoiId: 'x>\r\nBcc: a' })), TypeError)
  assert.equal(received.length, 1)
})

test('a header text is one visible line, whatever it is made of', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      text => !/[\p{Cc}\u2028\u2029]/u.test(headerText(text)) && [...headerText(text)].length <= 200,
    ),
  )
  assert.ok(isPlainAddress('prénom.nom+x@mairie-vassy.example'))
})

test('the twin in memory keeps what was sent once, and refuses what SMTP would', async () => {
  const mailer = memoryMailer({ from })
  const sent = message()
  await mailer.send(sent)
  await mailer.send(sent)
  assert.deepEqual(mailer.sent(), [{ ...sent, messageId: `<${sent.envoiId}@territoire.example>` }])
  await assert.rejects(mailer.send(message({ to: 'a b' })), failsWith(true))
  await openMailer({ from }).send(message())
  assert.throws(() => openMailer({ from: 'pas une adresse' }), /expédition/)
})
