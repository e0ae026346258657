import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, connect as open, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWeb } from '../../src/main.ts'
import { publierCatalogue } from '../../src/modules/demarches/index.ts'
import { ouvrirTerritoire } from '../../src/modules/territoire/commands/ouvrir-territoire.ts'
import { lireRegistre } from '../../src/modules/territoire/registre/sources.ts'
import { testApp } from '../../src/platform/app.testing.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { projectFolder } from '../../src/platform/config.ts'
import { openDatabase } from '../../src/platform/db/open.ts'
import { testDatabase } from '../../src/platform/db/testing.ts'
import { isComplet, noterPreuve } from '../builders/preuves.ts'
import { attendre } from './programme.ts'

/** What lies between the program and its database, as a network does. */
interface Ligne {
  readonly folder: string
  /** Milliseconds added to each piece, both ways. */
  retardMs: number
  /** From now on nothing passes on the connections that are open, and nobody is told: as behind a firewall that forgot them. */
  oublier(): void
  fermer(): void
}

function ouvrirLigne(vers: string): Ligne {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-ligne-'))
  const both = new Set<Socket>()
  const oubliees = new WeakSet<Socket>()
  const ligne = { retardMs: 0 }
  const server = createServer(near => {
    const far = open(vers)
    both.add(near).add(far)
    const pass = (from: Socket, to: Socket) => {
      from.on('data', bytes => {
        if (oubliees.has(from)) return
        if (ligne.retardMs === 0) to.write(bytes)
        else setTimeout(() => to.write(bytes), ligne.retardMs)
      })
      from.on('close', () => {
        if (!oubliees.has(from)) to.destroy()
      })
      from.on('error', () => {})
    }
    pass(near, far)
    pass(far, near)
  })
  server.listen(join(folder, '.s.PGSQL.5432'))
  return Object.assign(ligne, {
    folder,
    oublier() {
      for (const socket of both) oubliees.add(socket)
    },
    fermer() {
      server.close()
      for (const socket of both) socket.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  })
}

const database = await testDatabase()
const at = database.appConnection as { socketFolder: string; port: number; user: string; database: string }
const opened = await ouvrirTerritoire(database.owner, systemClock, lireRegistre(), '14762', { demonstration: true })
assert.ok(opened.ok)
await publierCatalogue(database.owner, systemClock)
const ligne = ouvrirLigne(join(at.socketFolder, `.s.PGSQL.${at.port}`))
chmodSync(ligne.folder, 0o700)
const connection = { ...at, socketFolder: ligne.folder, port: 5432 }
const STATEMENT_MS = 1500
const db = openDatabase(connection, { statementTimeoutMs: STATEMENT_MS })
const app = testApp(db)
const web = await createWeb(app, { app: connection })
const superuser = openDatabase({ ...at, user: 'postgres' }, { max: 1 })
after(async () => {
  ligne.fermer()
  await web.close()
  await db.close()
  await superuser.close()
})

const status = async (url: string) => (await web.server.inject({ url, headers: { host: 'localhost' } })).statusCode
const PAGE = '/vire-normandie/demarches/acte-etat-civil/commencer'
const soigne = () => attendre('the service by itself', async () => (await status('/sante')) === 200 && (await status(PAGE)) === 200, 30_000)

// What listens to the changes was forgotten too: without a notice, a page kept would stay as it was. Noticed within twenty seconds: in full only.
async function entendreEncore(): Promise<void> {
  const changed = new Promise<void>(resolve => {
    const { invalidate } = app.cache
    app.cache.invalidate = tenantId => {
      Reflect.apply(invalidate, app.cache, [tenantId])
      resolve()
    }
  })
  const telling = setInterval(() => void superuser.pool.query("select pg_notify('parvis_changement', '*')"), 500)
  await Promise.race([changed, sleep(60_000).then(() => assert.fail('changes are not heard any more'))])
  clearInterval(telling)
}

let tenues = 0

test('a slow database: served slowly, said unavailable beyond two seconds, and ready again by itself', async () => {
  await soigne()
  ligne.retardMs = 60
  assert.equal(await status(PAGE), 200)
  assert.equal(await status('/sante'), 200)
  ligne.retardMs = 2500
  assert.equal(await status('/sante'), 503)
  ligne.retardMs = 0
  await soigne()
  tenues++
})

test('a network that forgets the connections without a word: 503 in the time of a statement, then served again by itself', async () => {
  // Every connection of the pools is open, and every one is forgotten.
  await Promise.all(Array.from({ length: 20 }, () => status(PAGE)))
  // The library of jobs asks by an object: it is not to wait either.
  const worker = await db.pool.connect()
  ligne.oublier()
  const ended = worker.query({ text: 'select 1' }).then(
    () => 'answered',
    () => 'lost',
  )
  assert.equal(await Promise.race([ended, sleep(30_000, 'hangs')]), 'lost')
  worker.release(true)
  const answers = await Promise.race([
    Promise.all(Array.from({ length: 20 }, () => status(PAGE))),
    sleep(30_000).then(() => assert.fail('requests hang on connections that nobody hears')),
  ])
  assert.ok(
    answers.every(code => code === 503 || code === 200),
    answers.join(),
  )
  await soigne()
  if (isComplet) await entendreEncore()
  tenues++
})

test('no connection left on the server: 503 and its page, nothing else, then served again by itself', async () => {
  await superuser.pool.query(`alter database ${at.database} connection limit 0`)
  await superuser.pool.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await sleep(50)
  const answer = await web.server.inject({ url: PAGE, headers: { host: 'localhost' } })
  assert.equal(answer.statusCode, 503)
  assert.match(answer.body, /momentanément indisponible/)
  assert.ok(Number(answer.headers['retry-after']) > 0)
  assert.equal(await status('/sante'), 503)
  await superuser.pool.query(`alter database ${at.database} connection limit -1`)
  await soigne()
  tenues++
})

test('a newer version of the program adds to every table: the one that runs goes on', async () => {
  const urls = [PAGE, '/vire-normandie', '/vire-normandie/demarches', '/', '/recherche?q=vire', '/vire-normandie/demarches/acte-etat-civil']
  // Often enough for every statement to be prepared on every connection.
  for (let turn = 0; turn < 8; turn++) for (const url of urls) assert.equal(await status(url), 200, url)
  const { rows } = await superuser.pool.query<{ t: string }>(
    "select relname as t from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
  )
  for (const { t } of rows) await superuser.pool.query(`alter table ${t} add column version_suivante text`)
  app.cache.invalidate('*')
  for (let turn = 0; turn < 4; turn++) for (const url of urls) assert.equal(await status(url), 200, `${url} after the migration`)
  tenues++
})

test('started on a database of another version, newer or older, a process says so and what to do', async () => {
  const address = `postgres://parvis_application@localhost/${at.database}?host=${encodeURIComponent(at.socketFolder)}`
  const env = { ...process.env, DATABASE_URL: address, DATABASE_URL_PROPRIETAIRE: address, PORT: '0', PARVIS_DONNEES: ligne.folder }
  const lancer = (command: string) => {
    const run = spawnSync(process.execPath, [join(projectFolder, 'dist', 'parvis.js'), command], { env, encoding: 'utf8', timeout: 60_000 })
    assert.equal(run.status, 1, `${command}: ${run.stdout}${run.stderr}`)
    assert.doesNotMatch(run.stderr, /\n\s+at /, 'no stack')
    return run.stderr
  }
  await superuser.pool.query("insert into migration (nom, empreinte) values ('9999-suivante.sql', '-')")
  for (const command of ['web', 'travaux']) assert.match(lancer(command), /9999-suivante\.sql.*plus ancien que la base/)
  assert.equal(await status(PAGE), 200, 'the one that was serving goes on')
  await superuser.pool.query(
    "delete from migration where nom = '9999-suivante.sql' or nom = (select max(nom) from migration where nom like '%.sql' and nom < '9999')",
  )
  assert.match(lancer('web'), /attend la migration .*bin\/parvis migrer/)
  tenues++
})

test('its figures are noted', () => {
  assert.equal(tenues, 5, 'one of the faults was not overcome')
  noterPreuve({
    machine: 'crash-pannes',
    titre: 'Pannes autour du programme : base lente, réseau muet, plus de connexion, schéma d’une autre version',
    mesures: [
      { nom: 'Base lente (2,5 s par échange)', valeur: 'indisponible dite, puis prêt de lui-même', cible: 'de lui-même', tenue: true },
      { nom: 'Connexions oubliées par le réseau', valeur: '503, puis servi de lui-même', cible: 'de lui-même', tenue: true },
      { nom: 'Plus de connexion au serveur', valeur: '503 et Retry-After, puis servi de lui-même', cible: 'de lui-même', tenue: true },
      { nom: 'Schéma plus récent sous un programme en service', valeur: 'les pages publiques continuent', cible: 'continue', tenue: true },
      { nom: 'Démarrage sur un schéma d’une autre version', valeur: 'refusé, avec quoi faire', cible: 'refusé', tenue: true },
    ],
    nonJoue: [
      'SMTP qui refuse, coupe, tarde ou se tait, et base arrêtée puis revenue : essais des modules envois et sécurité, hors de cette machine.',
    ],
  })
})
