import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import sharp from 'sharp'
import { openConnections } from '../../src/main.ts'
import { exemples } from '../../src/modules/demarches/livre.ts'
import { projectFolder, readConfig } from '../../src/platform/config.ts'
import { type Connection, clientConfig } from '../../src/platform/db/open.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { champsDe, deposerDemande, ouvrirBrouillon } from '../builders/demande.ts'
import { demarrerParvis } from '../builders/parvis.ts'
import { noterPreuve } from '../builders/preuves.ts'
import { connecter, type Reponse, unVisiteur, type Visiteur } from '../builders/visiteur.ts'

const COMMUNE = '/vire-normandie'

// Two web processes on one port, a third on another, and two workers: what a proxy and several machines would make of it.
const parvis = await demarrerParvis({ args: ['--vide'], env: { PARVIS_MANDATAIRES: '1', PARVIS_PROCESSUS_WEB: '2' } })
const hote = new URL(parvis.adresse).host
const children: ChildProcess[] = []
const un = (command: string): Promise<string> => {
  const env = { ...process.env, PORT: '0', PARVIS_DONNEES: parvis.dossier, PARVIS_ORIGINE: parvis.adresse, PARVIS_MANDATAIRES: '1' }
  const child = fork(join(projectFolder, 'dist', 'parvis.js'), [command], {
    env,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.once('message', ready => resolve(`http://localhost:${(ready as { port: number }).port}`))
    child.once('exit', code => reject(new Error(`${command} fell (${code})`)))
  })
}
const [troisieme] = (await Promise.all([un('web'), un('travaux')])) as [string, string]
const connections = await openConnections(readConfig({ PARVIS_DONNEES: parvis.dossier }))
const admin = new pg.Client(clientConfig({ ...(connections.owner as Exclude<Connection, { url: string }>), user: 'postgres' }))
admin.on('error', () => {})
await admin.connect()
const lire = async (query: string, ...values: unknown[]) => (await admin.query(query, values)).rows[0]
after(async () => {
  await admin.end()
  for (const child of children) child.kill('SIGTERM')
  await parvis.stop()
  await connections.close()
  rmSync(parvis.dossier, { recursive: true, force: true })
})

let address = 0
const quelquun = (adresse = parvis.adresse): Visiteur => unVisiteur(adresse, { hote, de: `10.3.0.${++address}` })
/** The same person before the three: new connections to the port that two share, so that both are met. */
const partout = (visiteur: Visiteur): Visiteur[] =>
  [parvis.adresse, parvis.adresse, parvis.adresse, parvis.adresse, troisieme].map(visiteur.chez)

test('a session opened by one is known of all; a form sent to all at once has one effect', async () => {
  const person = quelquun()
  const { suite } = await ouvrirBrouillon(person, COMMUNE, 'acte-etat-civil')
  for (const place of partout(person)) assert.equal((await place.lire(suite)).status, 200)
  const first = `${COMMUNE}/demarches/acte-etat-civil/commencer`
  const champs = { ...champsDe(exemples['acte-etat-civil']![0]!.envois[0]!), _cle: newSecret() }
  const before = Number((await lire('select count(*) as n from dossier')).n)
  const answers = await Promise.all([...Array(6)].map((_, i) => quelquun(i % 2 === 0 ? parvis.adresse : troisieme).envoyer(first, champs)))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
  assert.equal(new Set(answers.map(({ location }) => location)).size, 1)
  assert.equal(Number((await lire('select count(*) as n from dossier')).n), before + 1)
})

test('the strict limits are counted together', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 12; i++) {
    const { status } = await quelquun(i % 2 === 0 ? parvis.adresse : troisieme).envoyer(`${COMMUNE}/agent/connexion`, {
      courriel: 'personne@mairie.example',
      mot_de_passe: `faux ${i}`,
    })
    statuses.push(status)
  }
  assert.deepEqual(statuses, [...Array(10).fill(422), 429, 429])
})

test('what an agent changes before one is forgotten by the memory of all', async () => {
  const agent = parvis.demonstration.agents.find(({ role, collectivite }) => role === 'administrateur' && /^Vire/.test(collectivite))!
  const person = quelquun(troisieme)
  await connecter(person, COMMUNE, agent)
  const seen = (reponse: Reponse) => /0[0-9](?: [0-9]{2}){4}/.exec(reponse.body.match(/<main[\s\S]*/)![0])?.[0]
  for (const [round, telephone] of ['02 61 91 00 31', '02 61 91 00 32'].entries()) {
    // Kept by each, then changed before one of them only.
    for (const place of partout(quelquun())) for (let i = 0; i < 2; i++) assert.equal((await place.lire(COMMUNE)).status, 200)
    const page = await person.lire(`${COMMUNE}/agent/reglages`)
    const champs = Object.fromEntries(
      [...page.body.matchAll(/<(?:input|textarea)[^>]*name="([a-zA-Z]+)"[^>]*?(?:value="([^"]*)"|>([^<]*)<)/g)].map(m => [
        m[1]!,
        m[2] ?? m[3] ?? '',
      ]),
    )
    const saved = await person.chez(round === 0 ? troisieme : parvis.adresse).envoyer(`${COMMUNE}/agent/reglages`, { ...champs, telephone })
    assert.equal(saved.status, 303, saved.body.match(/<main[\s\S]{0,600}/)?.[0])
    const deadline = performance.now() + 5000
    let stale: (string | undefined)[] = ['?']
    while (stale.length > 0 && performance.now() < deadline) {
      stale = (await Promise.all(partout(quelquun()).map(place => place.lire(COMMUNE)))).map(seen).filter(found => found !== telephone)
    }
    assert.deepEqual(stale, [], 'an old page is still served')
  }
})

test('requests filed before all three: one receipt and one message each; either worker suffices', async () => {
  const photo = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#8fa3b0' } })
    .jpeg()
    .toBuffer()
  const file = (adresse: string) => deposerDemande(quelquun(adresse), COMMUNE, 'occupation-domaine-public', photo, { rang: 1 })
  const receipts = async (id: string) => {
    const deadline = performance.now() + 30_000
    for (;;) {
      const row = await lire(
        `select (select count(*)::int from document where dossier_id = $1 and nature = 'accuse') as accuses,
          (select count(*)::int from envoi where dossier_id = $1) as messages, (select count(*)::int from evenement where dossier_id = $1 and nature = 'deposer') as depots`,
        id,
      )
      if ((row.accuses > 0 && row.messages > 0) || performance.now() > deadline) return row
      await sleep(50)
    }
  }
  const all = await Promise.all([parvis.adresse, troisieme, parvis.adresse, troisieme].map(file))
  for (const { id } of all) await receipts(id)
  const workers = [pidsDe('travaux')[0]!, children[1]!.pid!]
  for (const paused of workers) {
    // It stands still: it holds nothing at this moment, and what comes is for the other.
    await until(
      async () => Number((await lire('select count(*) as n from graphile_worker._private_jobs where locked_at is not null')).n) === 0,
    )
    process.kill(paused, 'SIGSTOP')
    try {
      all.push(await file(troisieme))
      await receipts(all.at(-1)!.id)
    } finally {
      process.kill(paused, 'SIGCONT')
    }
  }
  await until(async () => Number((await lire('select count(*) as n from graphile_worker._private_jobs where run_at <= now()')).n) === 0)
  for (const { id } of all) assert.deepEqual(await receipts(id), { accuses: 1, messages: 1, depots: 1 }, id)
})

test('one of those that share the port falls: the other goes on, and it comes back', async () => {
  const [before] = pidsDe('web')
  process.kill(before!, 'SIGKILL')
  // Gone for good, its sockets closed: what was in its hands is cut, as with one process.
  await until(async () => !existsSync(`/proc/${before}`))
  for (let i = 0; i < 20; i++) assert.equal((await quelquun().lire(`${COMMUNE}/demarches/acte-etat-civil/commencer`)).status, 200)
  await until(async () => pidsDe('web').length === 2)
  assert.equal(pidsDe('web').length, 2)
  noterPreuve({
    machine: 'plusieurs',
    titre: 'Trois processus web et deux processus de travaux sur une base',
    mesures: [
      { nom: 'Session ouverte par l’un, inconnue d’un autre', valeur: '0', cible: '0', tenue: true },
      { nom: 'Effets d’un formulaire envoyé six fois à la fois à plusieurs', valeur: '1', cible: '1', tenue: true },
      { nom: 'Essais de mot de passe avant le refus, comptés ensemble', valeur: '10', cible: '10', tenue: true },
      { nom: 'Pages anciennes encore servies après un changement', valeur: '0', cible: '0', tenue: true },
      { nom: 'Accusés et messages par demande déposée', valeur: '1 et 1', cible: '1 et 1', tenue: true },
    ],
    nonJoue: ['Plusieurs machines : les processus sont sur la même, avec le même dossier de fichiers.'],
  })
})

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!(await isDone()) && performance.now() < deadline) await sleep(50)
}

/** The processes of the supervisor that run this command. */
function pidsDe(command: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
        return parent === parvis.process.pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(command)
      } catch {
        return false // it ended between the two readings
      }
    })
    .map(Number)
}
