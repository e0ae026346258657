import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { projectFolder } from '../src/platform/config.ts'
import { type EmbeddedServer, startEmbedded } from '../src/platform/db/embedded.ts'
import { testFolder } from '../src/platform/db/testing.ts'
import { ouvrirBrouillon } from './builders/demande.ts'
import { demarrerParvis, type Parvis } from './builders/parvis.ts'
import { unVisiteur } from './builders/visiteur.ts'

const root = testFolder('parvis-instant-')
const [avant, apres, wal] = ['avant', 'apres', 'wal'].map(name => join(root, name)) as [string, string, string]
const servers: EmbeddedServer[] = []
const programs: Parvis[] = []
after(async () => {
  for (const program of programs) await program.stop()
  for (const server of servers) await server.stop()
  rmSync(root, { recursive: true, force: true })
})
// The server may be somebody else's, when the tests are root's: it writes here.
mkdirSync(wal)
chmodSync(wal, 0o777)

/** A server of this folder with these settings, which the program then joins. */
async function serveur(dossier: string, settings: Record<string, string>): Promise<EmbeddedServer> {
  const server = await startEmbedded(dossier, 60, settings)
  servers.push(server)
  return server
}

async function programme(dossier: string): Promise<Parvis> {
  const program = await demarrerParvis({ dossier })
  programs.push(program)
  return program
}

async function superuser(server: EmbeddedServer): Promise<pg.Client> {
  const client = new pg.Client({ host: server.socketFolder, port: server.port, user: 'postgres', database: 'parvis' })
  await client.connect()
  return client
}

/** `cp` keeps owners, which a server insists on. */
function copier(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}

/** A file of a server, which must be its owner's. */
function ecrire(base: string, name: string, text: string): void {
  const { uid, gid } = statSync(base)
  writeFileSync(join(base, name), text)
  chownSync(join(base, name), uid, gid)
}

/** The copy of a server at work, as pg_basebackup makes it (PostgreSQL 17, 25.3.3, « Making a Base Backup Using the Low Level API »). */
async function copieDeBase(client: pg.Client, base: string, to: string): Promise<void> {
  await client.query("select pg_backup_start('essai', fast => true)")
  mkdirSync(to, { mode: 0o755 })
  copier(base, join(to, 'base'))
  const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop()')
  const copy = join(to, 'base')
  for (const name of ['postmaster.pid', 'postmaster.opts']) rmSync(join(copy, name), { force: true })
  spawnSync('find', [join(copy, 'pg_wal'), '-type', 'f', '-delete'])
  ecrire(copy, 'backup_label', rows[0]!.labelfile)
}

test('back to an instant: the base copied at work, then its archived journal replayed up to that instant, as docs/exploiter/sauvegarde.md says', async () => {
  const server = await serveur(avant, {
    wal_level: 'replica',
    archive_mode: 'on',
    archive_command: `test ! -f ${wal}/%f && cp %p ${wal}/%f`,
  })
  const parvis = await programme(avant)
  const commune = parvis.demonstration.communes[0]!.chemin
  const client = await superuser(server)
  await copieDeBase(client, join(avant, 'base'), apres)

  const habitant = unVisiteur(parvis.adresse)
  const garde = await ouvrirBrouillon(habitant, commune, 'acte-etat-civil')
  await sleep(50)
  const { rows } = await client.query<{ instant: string }>('select now()::text as instant')
  await sleep(50)
  const perdu = await ouvrirBrouillon(habitant, commune, 'acte-etat-civil')
  habitant.fermer()
  await client.query('select pg_switch_wal()')
  await client.end()
  await parvis.stop()
  // A fast shutdown archives what is left.
  await server.stop()

  for (const name of ['fichiers', 'secrets']) cpSync(join(avant, name), join(apres, name), { recursive: true })
  ecrire(join(apres, 'base'), 'recovery.signal', '')
  const back = await serveur(apres, {
    restore_command: `cp ${wal}/%f %p`,
    recovery_target_time: rows[0]!.instant,
    recovery_target_action: 'promote',
  })
  const seen = await superuser(back)
  while ((await seen.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r) await sleep(50)
  const found = await seen.query<{ id: string }>('select id from dossier where id = any($1)', [[garde.id, perdu.id]])
  await seen.end()
  assert.deepEqual(
    found.rows.map(({ id }) => id),
    [garde.id],
  )
  const verified = spawnSync(process.execPath, [join(projectFolder, 'bin/parvis'), 'journal', 'verifier'], {
    env: { ...process.env, PARVIS_DONNEES: apres },
    encoding: 'utf8',
  })
  assert.equal(verified.status, 0, verified.stdout + verified.stderr)
  const again = await programme(apres)
  const resident = unVisiteur(again.adresse)
  assert.equal((await resident.lire(`${commune}/demarches/acte-etat-civil`)).status, 200)
  await ouvrirBrouillon(resident, commune, 'acte-etat-civil')
  resident.fermer()
})
