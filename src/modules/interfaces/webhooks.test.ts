import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { verifyJournal } from '../../platform/audit/journal.ts'
import { readConfig } from '../../platform/config.ts'
import { inTenant, type Tx } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { eventTasks, moveBatch } from '../../platform/events/events.ts'
import { NETWORK, startWorker } from '../../platform/jobs/jobs.ts'
import { ecrire, prendreEnInstruction } from '../dossiers/commands/instruire.ts'
import { purger } from '../dossiers/commands/purger.ts'
import { casEntier } from '../dossiers/queries/cas.ts'
import { ouvrirMairie } from '../dossiers/testing.ts'
import { type Annonce, apresEchec, estSigne, ouvrir, PATIENCE_MS, signature } from './abonnement.ts'
import {
  type AbonnementDemande,
  creerAbonnement,
  essayerAbonnement,
  mettreEnPause,
  modifierAbonnement,
  rejouer,
  renouvelerSecret,
  reprendreAbonnement,
  supprimerAbonnement,
} from './commands/abonnements.ts'
import { entretienDesInterfaces } from './jobs/entretien.ts'
import { essayerUnAbonnement } from './jobs/essayer.ts'
import { remettreAuxAbonnes } from './jobs/remettre.ts'
import { interfaces } from './module.ts'
import { abonnementParId, dernieresLivraisons } from './queries/abonnements.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, clock } = mairie
const [agent] = mairie.agents
const dans = <T>(work: (tx: Tx) => Promise<T>) => inTenant(app.db, collectivite.id, work)
const sur = (id: string) => ({ collectiviteId: collectivite.id, id, par: agent })

interface Recu {
  readonly body: Annonce
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

/** A target of our own; `repondre` decides what it does of each call, 204 when it says nothing. */
async function cible(repondre: (recu: Recu, response: ServerResponse) => boolean | undefined = () => undefined) {
  const recus: Recu[] = []
  const server = createServer((request, response) => {
    response.on('error', () => {})
    let text = ''
    request.on('data', part => {
      text += part
    })
    request.on('end', () => {
      const recu = { body: JSON.parse(text) as Annonce, text, headers: request.headers }
      recus.push(recu)
      if (!repondre(recu, response)) response.writeHead(204).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/parvis`, recus }
}

const demande = (url: string, more: Partial<AbonnementDemande> = {}): AbonnementDemande => ({
  ...{ nom: 'Logiciel fictif', url, demarches: null, natures: null, voitReserves: false },
  ...more,
})

async function abonner(url: string, more: Partial<AbonnementDemande> = {}): Promise<string> {
  const made = await dans(tx => creerAbonnement(tx, app, { collectiviteId: collectivite.id, par: agent }, demande(url, more)))
  assert.ok(made.ok, JSON.stringify(made))
  return made.value
}

const remettre = (id: string) => remettreAuxAbonnes(app, { collectiviteId: collectivite.id, abonnementId: id })
const abonnement = async (id: string) => (await dans(tx => abonnementParId(tx, collectivite.id, id)))!
const livraisons = (id: string) => dans(tx => dernieresLivraisons(tx, collectivite.id, id))
const secretDe = async (id: string) => ouvrir(app.secrets, collectivite.id, (await abonnement(id)).secret)
const avancer = (seconds: number) => clock.set(new Date(clock.now().getTime() + seconds * 1000).toISOString())
const seconds = () => Math.floor(clock.now().getTime() / 1000)

test('an erasure is told, with nothing but an id and a date', async () => {
  const { url, recus } = await cible()
  const dossier = await mairie.deposerUn()
  const id = await abonner(url)
  await inTenant(app.db, collectivite.id, async tx => {
    const cas = (await casEntier(app, tx, collectivite, dossier, { nature: 'systeme', id: null, canal: 'web' }, true))!
    await purger(cas, 'conservation')
  })
  await remettre(id)
  assert.deepEqual(
    recus.map(({ body }) => [body.evenement, body.dossier]),
    [['effacer', { id: dossier, reference: null }]],
  )
  await remettre(id)
  assert.equal(recus.length, 1)
})

test('what happens is told in order, signed, without anything personal, and each once when all goes well', async () => {
  const { url, recus } = await cible()
  const id = await abonner(url)
  const dossier = await mairie.deposerUn()
  await mairie.agir(dossier, prendreEnInstruction)
  await mairie.agir(dossier, cas => ecrire(cas, 'Un message secret'))
  await remettre(id)
  assert.deepEqual(
    recus.map(({ body }) => body.evenement),
    ['deposer', 'prendre_en_instruction', 'ecrire'],
  )
  const secret = await secretDe(id)
  for (const { body, text, headers } of recus) {
    assert.ok(estSigne(String(headers['parvis-signature']), secret, text, seconds()))
    assert.ok(!estSigne(String(headers['parvis-signature']), secret, `${text} `, seconds()))
    assert.ok(!estSigne(String(headers['parvis-signature']), secret, text, seconds() + 301), 'an old sending is not believed')
    assert.equal(headers['parvis-livraison'], body.livraison)
    assert.equal(headers['parvis-evenement'], body.evenement)
    assert.equal(body.dossier?.id, dossier)
    assert.deepEqual(Object.keys(body).sort(), ['collectivite', 'demarche', 'dossier', 'evenement', 'le', 'livraison', 'sequence'])
    assert.doesNotMatch(text, /secret|Camille|courriel/)
  }
  await remettre(id)
  assert.equal(recus.length, 3)
  assert.equal((await livraisons(id)).filter(({ est_remise }) => est_remise).length, 3)
})

test('only what was asked for: natures, démarches, not the reserved services', async () => {
  const [ecrits, voirie, tous] = [await cible(), await cible(), await cible()]
  const ids = [
    await abonner(ecrits.url, { natures: ['ecrire'] }),
    await abonner(voirie.url, { demarches: ['occupation-domaine-public'] }),
    await abonner(tous.url),
  ]
  const cantine = await mairie.deposerUn()
  await mairie.agir(cantine, cas => ecrire(cas, 'Bonjour'))
  await mairie.deposerUn('occupation-domaine-public')
  await dans(tx =>
    sql`insert into equipe (collectivite_id, service, reservee, creee_le) select ${collectivite.id}, service, true, now() from dossier where collectivite_id = ${collectivite.id} and id = ${cantine}`.execute(
      tx,
    ),
  )
  for (const id of ids) await remettre(id)
  await dans(tx => sql`delete from equipe where collectivite_id = ${collectivite.id}`.execute(tx))
  assert.deepEqual(
    ecrits.recus.map(({ body }) => body.evenement),
    [],
    'of a service that is now reserved',
  )
  assert.deepEqual(
    voirie.recus.map(({ body }) => body.demarche),
    ['occupation-domaine-public'],
  )
  assert.deepEqual(
    tous.recus.map(({ body }) => body.demarche),
    ['occupation-domaine-public'],
  )
  const places = await Promise.all(ids.map(async id => (await abonnement(id)).curseur))
  assert.equal(new Set(places).size, 1, 'what is left out is passed')
})

test('each fault of a target has its reason, and the change waits its turn', async () => {
  const faults: readonly [
    name: string,
    erreur: string,
    statut: number | null,
    repondre: (response: ServerResponse, url: string) => void,
  ][] = [
    ['error', 'statut', 500, response => response.writeHead(500).end('x'.repeat(100))],
    ['gone', 'statut', 404, response => response.writeHead(404).end()],
    ['loops on itself', 'redirection', 302, (response, url) => response.writeHead(302, { location: url }).end()],
    ['towards the inside', 'redirection', 307, response => response.writeHead(307, { location: 'http://169.254.169.254/' }).end()],
    ['cuts', 'injoignable', null, response => void response.destroy()],
    ['an error of 10 MB', 'statut', 500, response => void response.writeHead(500).end(Buffer.alloc(10_000_000))],
  ]
  for (const [name, erreur, statut, repondre] of faults) {
    let isBroken = true
    const { url, recus } = await cible((_recu, response) => {
      if (!isBroken) return undefined
      repondre(response, url)
      return true
    })
    const id = await abonner(url)
    await mairie.deposerUn()
    await remettre(id)
    const row = await abonnement(id)
    const [first] = await livraisons(id)
    assert.deepEqual([first!.erreur, first!.statut, first!.est_remise], [erreur, statut, false], name)
    assert.deepEqual([row.echecs, row.prochain_le?.getTime()], [1, clock.now().getTime() + 30_000], name)
    assert.equal(recus.length, 1, `${name}: nothing is followed`)
    await remettre(id)
    assert.equal(recus.length, 1, `${name}: not before its time`)
    isBroken = false
    avancer(30)
    await remettre(id)
    assert.equal(recus.length, 2, name)
    assert.equal(recus[0]!.body.livraison, recus[1]!.body.livraison, 'the same key')
    const healed = await abonnement(id)
    assert.deepEqual([healed.echecs, healed.echoue_depuis, healed.prochain_le], [0, null, null], name)
    await dans(tx => supprimerAbonnement(tx, app, sur(id)))
  }
})

test('a target that answers 10 MB has received; no more than 64 kB is read', async () => {
  let sent = 0
  const { url } = await cible((_recu, response) => {
    response.writeHead(200)
    const more = () => {
      while (!response.destroyed && sent < 10_000_000) {
        sent += 100_000
        if (!response.write(Buffer.alloc(100_000))) return void response.once('drain', more)
      }
      response.end()
    }
    more()
    return true
  })
  const id = await abonner(url)
  await mairie.deposerUn()
  await remettre(id)
  const [one] = await livraisons(id)
  assert.deepEqual([one!.est_remise, one!.erreur, one!.statut], [true, 'lourd', 200])
  await sleep(200)
  assert.ok(sent < 5_000_000, `${sent} bytes were taken`)
})

test('a target that hangs, before or after its headers, is left after ten seconds, and slows no other', async () => {
  const hung = await cible(() => true)
  const slow = await cible((_recu, response) => {
    response.writeHead(200)
    response.write('…')
    return true
  })
  const good = await cible()
  const ids = [await abonner(hung.url), await abonner(slow.url), await abonner(good.url)]
  const worker = await startWorker(app, { ...interfaces.networkJobs }, [], NETWORK)
  const listener = interfaces.listeners!
  const tasks = await startWorker(app, eventTasks(listener), [])
  try {
    const started = performance.now()
    await mairie.deposerUn()
    await moveBatch(app, listener)
    while (good.recus.length === 0 && performance.now() - started < 9000) await sleep(50)
    assert.ok(good.recus.length > 0 && performance.now() - started < 9000, 'told while the others hang')
    const told = async () => (await Promise.all(ids.slice(0, 2).map(livraisons))).every(found => found.length > 0)
    while (!(await told()) && performance.now() - started < 14_000) await sleep(100)
    for (const id of ids.slice(0, 2)) {
      const [one] = await livraisons(id)
      assert.equal(one?.erreur, 'delai')
      assert.ok(one.duree_ms >= 9500 && one.duree_ms < 11_500, `${one.duree_ms} ms`)
    }
  } finally {
    await Promise.all([worker.stop(), tasks.stop()])
  }
})

test('a day of failures: longer and longer waits, then a pause, an e-mail, and everything at the resumption', async () => {
  let isBroken = true
  const { url, recus } = await cible((_recu, response) => {
    if (isBroken) response.writeHead(503).end()
    return isBroken
  })
  const id = await abonner(url)
  const dossiers = [await mairie.deposerUn(), await mairie.deposerUn(), await mairie.deposerUn()]
  const start = clock.now().getTime()
  const waits: number[] = []
  for (let tries = 0; tries < 60 && !(await abonnement(id)).en_pause_le; tries++) {
    await remettre(id)
    const { prochain_le } = await abonnement(id)
    if (!prochain_le) break
    waits.push((prochain_le.getTime() - clock.now().getTime()) / 1000)
    clock.set(prochain_le.toISOString())
  }
  assert.ok(
    waits.every((wait, i) => i === 0 || wait >= waits[i - 1]!),
    waits.join(),
  )
  const lasted = clock.now().getTime() - start
  assert.ok(lasted >= PATIENCE_MS && lasted < PATIENCE_MS + 7_200_000 + 1000, `${lasted / 3_600_000} h`)
  assert.ok(recus.length > 10 && recus.length < 30, `${recus.length} attempts`)
  assert.equal(new Set(recus.map(({ body }) => body.livraison)).size, 1, 'the first one, again and again: order is kept')
  const { rows } = await dans(tx =>
    sql<{
      destinataire: string
      texte: string
    }>`select destinataire, texte from envoi where collectivite_id = ${collectivite.id} and sujet like 'Webhook en pause%'`.execute(tx),
  )
  assert.equal(rows.length, 1)
  assert.equal(rows[0]!.destinataire, `${agent}@valnoir.example`)
  assert.match(rows[0]!.texte, new RegExp(`/agent/webhooks/${id}`))
  const calls = recus.length
  await mairie.deposerUn()
  await remettre(id)
  assert.equal(recus.length, calls, 'nothing is called while it is paused')
  isBroken = false
  await dans(tx => reprendreAbonnement(tx, app, sur(id)))
  await remettre(id)
  const told = recus.slice(calls).map(({ body }) => body.dossier!.id)
  assert.deepEqual(told.slice(0, 3), dossiers)
  assert.equal(told.length, 4)
  clock.set('2026-11-21T09:30:00Z')
})

test('the waits of a dead target, in themselves', () => {
  const now = new Date('2026-11-21T09:30:00Z')
  const after_ = (n: number) => (apresEchec(n, now, now) as Date).getTime() - now.getTime()
  assert.deepEqual([1, 2, 5, 9, 40].map(after_), [30_000, 60_000, 600_000, 7_200_000, 7_200_000])
  assert.equal(apresEchec(3, new Date(now.getTime() - PATIENCE_MS), now), 'pause')
})

test('replay: from a change of the log, in order; ill-written, of the future or too old is refused', async () => {
  const { url, recus } = await cible()
  const id = await abonner(url)
  for (let i = 0; i < 3; i++) await mairie.deposerUn()
  await remettre(id)
  const [, second] = recus.map(({ body }) => body)
  const replay = (from: number | null) => dans(tx => rejouer(tx, app, sur(id), from))
  const codeOf = async (from: number | null) => {
    const done = await replay(from)
    return done.ok ? 'ok' : done.refusal.code
  }
  assert.equal(await codeOf(null), 'rejeu_illisible')
  assert.equal(await codeOf(0), 'rejeu_illisible')
  assert.equal(await codeOf(99_999_999), 'rejeu_futur')
  assert.equal(await codeOf(second!.sequence), 'ok')
  await remettre(id)
  assert.deepEqual(
    recus.slice(3).map(({ body }) => body.sequence),
    recus.slice(1, 3).map(({ body }) => body.sequence),
  )
  assert.equal(recus[3]!.body.livraison, second!.livraison, 'the same key: whoever has treated it knows')
  avancer(8 * 86_400)
  assert.equal(await codeOf(second!.sequence), 'rejeu_trop_ancien')
  await entretienDesInterfaces(app, {})
  assert.deepEqual(await livraisons(id), [], 'the log goes after seven days')
  clock.set('2026-11-21T09:30:00Z')
})

test('a new secret: both sign during a day, then the new one alone', async () => {
  const { url, recus } = await cible()
  const id = await abonner(url)
  const old = await secretDe(id)
  await dans(tx => renouvelerSecret(tx, app, sur(id)))
  const fresh = await secretDe(id)
  assert.notEqual(old, fresh)
  await mairie.deposerUn()
  await remettre(id)
  for (const secret of [old, fresh])
    assert.ok(estSigne(String(recus[0]!.headers['parvis-signature']), secret, recus[0]!.text, seconds()), secret)
  avancer(86_401)
  await mairie.deposerUn()
  await remettre(id)
  assert.ok(!estSigne(String(recus[1]!.headers['parvis-signature']), old, recus[1]!.text, seconds()))
  assert.ok(estSigne(String(recus[1]!.headers['parvis-signature']), fresh, recus[1]!.text, seconds()))
  assert.match(signature(['a', 'b'], 1, 'x'), /^t=1,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/)
  clock.set('2026-11-21T09:30:00Z')
})

test('two jobs for one subscription: the order holds, and each change is told once', async () => {
  const { url, recus } = await cible((_recu, response) => {
    setTimeout(() => response.writeHead(204).end(), 20)
    return true
  })
  const id = await abonner(url)
  for (let i = 0; i < 6; i++) await mairie.deposerUn()
  await Promise.all([remettre(id), remettre(id), remettre(id)])
  const found = recus.map(({ body }) => body.sequence!)
  assert.equal(found.length, 6)
  assert.deepEqual(
    found,
    found.toSorted((a, b) => a - b),
  )
})

test('paused or deleted in the middle of a delivery: it is not taken for done', async () => {
  for (const stop of [mettreEnPause, supprimerAbonnement]) {
    let id = ''
    const { url, recus } = await cible((_recu, response) => {
      void dans(tx => stop(tx, app, sur(id))).then(() => response.writeHead(204).end())
      return true
    })
    id = await abonner(url)
    const { curseur } = await abonnement(id)
    await mairie.deposerUn()
    await mairie.deposerUn()
    await remettre(id)
    assert.equal(recus.length, 1)
    const { rows } = await dans(tx =>
      sql<{ curseur: number }>`select curseur from abonnement where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx),
    )
    assert.equal(rows[0]!.curseur, curseur)
  }
})

test('the program stops while a target hangs: nothing is noted, and the change leaves later', async () => {
  let hangs = true
  const { url, recus } = await cible(() => hangs)
  const id = await abonner(url)
  await mairie.deposerUn()
  const stopping = new AbortController()
  const running = remettreAuxAbonnes(app, { collectiviteId: collectivite.id, abonnementId: id }, stopping.signal)
  while (recus.length === 0) await sleep(10)
  const started = performance.now()
  stopping.abort()
  await running
  assert.ok(performance.now() - started < 5000, 'before the target’s ten seconds')
  assert.deepEqual([(await livraisons(id)).length, (await abonnement(id)).echecs], [0, 0])
  hangs = false
  await remettre(id)
  assert.equal(recus.length, 1, 'its turn was held')
  avancer(61)
  await remettre(id)
  assert.equal(recus.length, 2)
  clock.set('2026-11-21T09:30:00Z')
})

test('a test delivery moves nothing but the log', async () => {
  const { url, recus } = await cible()
  const id = await abonner(url)
  const before = (await abonnement(id)).curseur
  await dans(tx => essayerAbonnement(tx, sur(id)))
  await essayerUnAbonnement(app, { collectiviteId: collectivite.id, abonnementId: id })
  assert.deepEqual([recus[0]!.body.evenement, recus[0]!.body.dossier], ['essai', null])
  assert.equal((await abonnement(id)).curseur, before)
  assert.equal((await livraisons(id))[0]!.nature, 'essai')
})

test('an address that is not https, or that leads inside, is refused: at creation, and at each connection', async () => {
  const real = Object.create(app, {
    config: { value: readConfig({ PARVIS_DEMONSTRATION: 'non', PARVIS_ORIGINE: 'https://guichet.example', PARVIS_JOURNAL: 'silencieux' }) },
  }) as typeof app
  const make = (asked: string, with_ = real) =>
    dans(tx => creerAbonnement(tx, with_, { collectiviteId: collectivite.id, par: agent }, demande(asked)))
  const refused: readonly (readonly [string, string])[] = [
    ['', 'url_invalide'],
    ['logiciel.example', 'url_invalide'],
    ['ftp://logiciel.example/', 'url_invalide'],
    ['javascript:alert(1)', 'url_invalide'],
    ['http://logiciel.example/', 'url_invalide'],
    ['https://moi:secret@logiciel.example/', 'url_invalide'],
    ['https://127.0.0.1/', 'url_interne'],
    ['https://10.0.0.1/', 'url_interne'],
    ['https://[::1]/', 'url_interne'],
    ['https://[::ffff:7f00:1]/', 'url_interne'],
    ['https://2130706433/', 'url_interne'],
    ['https://169.254.169.254/latest', 'url_interne'],
  ]
  for (const [asked, code] of refused) {
    const made = await make(asked)
    assert.equal(made.ok ? 'ok' : made.refusal.code, code, asked)
  }
  const demo = await make('http://10.0.0.1/', app)
  assert.ok(!demo.ok)
  const { url, recus } = await cible()
  const id = await abonner(url)
  await mairie.deposerUn()
  // What a demonstration may call, a service does not, even though it is written in its row.
  await remettreAuxAbonnes(real, { collectiviteId: collectivite.id, abonnementId: id })
  assert.equal(recus.length, 0)
  assert.equal((await livraisons(id))[0]!.erreur, 'interne')
  const named = await abonner('https://localhost:9/')
  await mairie.deposerUn()
  await remettreAuxAbonnes(real, { collectiviteId: collectivite.id, abonnementId: named })
  assert.equal((await livraisons(named))[0]!.erreur, 'interne', 'what its name leads to is looked at, at the moment of connecting')
  assert.ok(!(await dans(tx => modifierAbonnement(tx, real, sur(id), demande('https://10.1.1.1/')))).ok)
})

test('the journal tells who did what of subscriptions, and still verifies', async () => {
  const { rows } = await dans(tx =>
    sql<{
      action: string
    }>`select distinct action from journal where collectivite_id = ${collectivite.id} and action like 'webhook.%'`.execute(tx),
  )
  for (const action of ['creer', 'pause', 'reprendre', 'rejouer', 'secret', 'supprimer'])
    assert.ok(
      rows.some(row => row.action === `webhook.${action}`),
      action,
    )
  assert.ok((await verifyJournal(app.db, collectivite.id)).isIntact)
})
