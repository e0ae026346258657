// npm run bench -- depot : filing against pgbench's default script, on the same embedded server, with as many clients.
import { randomBytes } from 'node:crypto'
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { openApp, openConnections, prepareDatabase } from '../src/main.ts'
import { demarche, modelePublie, publierCatalogue } from '../src/modules/demarches/index.ts'
import { exemples, jouerExemple } from '../src/modules/demarches/livre.ts'
import { ouvrirBrouillon } from '../src/modules/dossiers/commands/brouillon.ts'
import { deposer, envDuDossier } from '../src/modules/dossiers/commands/deposer.ts'
import { dossierDeLaSession } from '../src/modules/dossiers/queries/dossier.ts'
import { ouvrirTerritoire } from '../src/modules/territoire/commands/ouvrir-territoire.ts'
import { collectiviteParId } from '../src/modules/territoire/index.ts'
import { lireRegistre } from '../src/modules/territoire/registre/sources.ts'
import { systemClock } from '../src/platform/clock.ts'
import { readConfig } from '../src/platform/config.ts'
import { type Connection, clientConfig, inTenant, openDatabase } from '../src/platform/db/open.ts'
import { newSecret } from '../src/platform/ids.ts'
import { executer, ligne, median } from './outils.ts'

const CLIENTS = 8
const SECONDS = 6

const folder = mkdtempSync(join(tmpdir(), 'parvis-bench-'))
const config = readConfig({ PARVIS_DONNEES: folder, PARVIS_JOURNAL: 'silencieux' })
const connections = await openConnections(config)
await prepareDatabase(config, connections)
const owner = openDatabase(connections.owner, { max: 2 })
await ouvrirTerritoire(owner, systemClock, lireRegistre(), '200068799', { demonstration: true })
await publierCatalogue(owner, systemClock)
const { app, close } = await openApp(config, connections, 'bench', () => 'http://localhost')
app.cache.setListening(true)

const session = { sessionHash: randomBytes(32), personneId: null }

/** Drafts ready to be filed, spread over the communes; not timed. */
async function brouillons(count: number): Promise<{ collectiviteId: string; id: string }[]> {
  const { rows } = await sql<{ id: string }>`select id from collectivite where nature = 'commune'`.execute(app.db.kysely)
  const made: { collectiviteId: string; id: string }[] = []
  for (const [rank, row] of rows.entries()) {
    const collectivite = await collectiviteParId(app, row.id)
    await inTenant(app.db, row.id, async tx => {
      const offre = (await demarche(tx, row.id, 'acte-etat-civil'))!
      const { reponses } = jouerExemple(offre.modele, exemples['acte-etat-civil']![0]!, envDuDossier(app, collectivite, offre.modele))
      for (let i = rank; i < count; i += rows.length) {
        const { id } = await ouvrirBrouillon(app, tx, row.id, offre, reponses, { nature: 'usager', id: null, canal: 'web' })
        await sql`insert into acces_dossier (collectivite_id, session_empreinte, dossier_id, ouvert_le) values (${row.id}, ${session.sessionHash}, ${id}, now())`.execute(
          tx,
        )
        made.push({ collectiviteId: row.id, id })
      }
    })
  }
  // In no order: people of a territory do not file one commune after the other. (All in one commune, filings wait for its journal's place.)
  return made
    .map(brouillon => ({ brouillon, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ brouillon }) => brouillon)
}

/** What POST /brouillons/:id/depot does in its transaction: the draft locked, the rules, everything written at once, the form's key. */
async function deposerUn({ collectiviteId, id }: { collectiviteId: string; id: string }): Promise<void> {
  const collectivite = await collectiviteParId(app, collectiviteId)
  const key = newSecret()
  await inTenant(app.db, collectiviteId, async tx => {
    const dossier = (await dossierDeLaSession(tx, collectiviteId, id, session, true))!
    const modele = await modelePublie(tx, dossier.definition)
    const done = await deposer(app, tx, collectivite, dossier, modele, { nature: 'usager', id: null, canal: 'web' })
    if (!done.ok) throw new Error(done.refusal.code)
    await sql`insert into cle_idempotence (collectivite_id, cle, empreinte, emplacement, creee_le) values (${collectiviteId}, ${key}, 'bench', '/', ${systemClock.now()})`.execute(
      tx,
    )
  })
}

async function depots(): Promise<number> {
  const queue = await brouillons(SECONDS * 2500)
  await owner.pool.query('checkpoint').catch(() => {})
  let done = 0
  const start = performance.now()
  const end = start + SECONDS * 1000
  const client = async () => {
    while (performance.now() < end) {
      const next = queue.pop()
      if (!next) throw new Error('not enough drafts')
      await deposerUn(next)
      done++
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return done / ((performance.now() - start) / 1000)
}

const superuser = { ...(connections.owner as Exclude<Connection, { url: string }>), user: 'postgres', database: 'postgres' }

/** pgbench itself when the machine has it; otherwise the statements of its default script, through the same driver as ours. */
async function pgbench(): Promise<{ tps: number; par: string }> {
  const found = ['/usr/bin/pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench')].find(path => existsSync(path))
  const at = ['-h', superuser.socketFolder, '-p', String(superuser.port), '-U', 'postgres']
  if (found) {
    await executer(found, [...at, '-i', '-q', '-s', '10', 'tpcb'])
    const text = await executer(found, [...at, '-c', String(CLIENTS), '-j', '2', '-T', String(SECONDS), '-n', 'tpcb'])
    return { tps: Number(text.match(/tps = ([\d.]+)/)![1]), par: 'pgbench' }
  }
  return { tps: await tpcb(), par: 'son script par défaut, joué par notre pilote' }
}

async function tpcb(): Promise<number> {
  const pool = new pg.Pool({ ...clientConfig({ ...superuser, database: 'tpcb' }), max: CLIENTS })
  await pool.query(`drop table if exists b, t, a, h; create table b (bid int primary key, bbalance int); create table t (tid int primary key, tbalance int);
    create table a (aid int primary key, bid int, abalance int, filler char(84)); create table h (tid int, bid int, aid int, delta int, mtime timestamp);
    insert into b select i, 0 from generate_series(1, 10) i; insert into t select i, 0 from generate_series(1, 100) i; insert into a select i, 1, 0, '' from generate_series(1, 1000000) i; analyze`)
  let done = 0
  const start = performance.now()
  const random = (max: number) => 1 + Math.floor(Math.random() * max)
  const client = async () => {
    const c = await pool.connect()
    while (performance.now() < start + SECONDS * 1000) {
      const [aid, bid, tid, delta] = [random(1_000_000), random(10), random(100), random(10_000) - 5000]
      await c.query('begin')
      await c.query('update a set abalance = abalance + $1 where aid = $2', [delta, aid])
      await c.query('select abalance from a where aid = $1', [aid])
      await c.query('update t set tbalance = tbalance + $1 where tid = $2', [delta, tid])
      await c.query('update b set bbalance = bbalance + $1 where bid = $2', [delta, bid])
      await c.query('insert into h values ($1, $2, $3, $4, current_timestamp)', [tid, bid, aid, delta])
      await c.query('commit')
      done++
    }
    c.release()
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  await pool.end()
  return done / SECONDS
}

const admin = new pg.Client(clientConfig(superuser))
await admin.connect()
await admin.query('create database tpcb')
await admin.end()
console.log('| mesure | valeur | cible |\n|---|---|---|')
const ratios: number[] = []
let last = { ours: 0, theirs: 0, par: '' }
for (let run = 0; run < 3; run++) {
  const ours = await depots()
  const { tps, par } = await pgbench()
  ratios.push(ours / tps)
  last = { ours, theirs: tps, par }
}
ligne(
  `Dépôts/s, ${CLIENTS} clients, contre ${last.par} sur le même serveur`,
  `${last.ours.toFixed(0)}/s contre ${last.theirs.toFixed(0)}/s, rapport ${median(ratios).toFixed(2)}`,
  '≥ 0,25',
)
await close()
await owner.close()
await connections.close()
rmSync(folder, { recursive: true, force: true })
process.exit(0)
