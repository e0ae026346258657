import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { record, verifyJournal } from '../audit/journal.ts'
import { migrate, migrationFiles } from '../db/migrate.ts'
import { type Connection, clientConfig, inTenant, openDatabase } from '../db/open.ts'
import { catalogueProblems } from '../db/rules.ts'
import { testDatabase } from '../db/testing.ts'
import { destroyFile, openFileStore, storeGenerated } from '../files/index.ts'
import { newId } from '../ids.ts'
import { openSecrets } from '../secrets.ts'
import { copyOut } from './copy.ts'
import { BackupError } from './error.ts'
import type { Preamble } from './frames.ts'
import { isRestoreUnfinished, type RestoreRequest, restoreTerritory } from './restore.ts'
import { type BackupRequest, backUpTerritory } from './snapshot.ts'
import { copyClient, copyOutText, tablesToCopy } from './tables.ts'

const database = await testDatabase()
const root = mkdtempSync(join(tmpdir(), 'parvis-restaure-'))
after(() => rmSync(root, { recursive: true, force: true }))
const dataFolder = join(root, 'source')
const files = await openFileStore({ folder: join(dataFolder, 'fichiers'), masterKeyPath: join(dataFolder, 'secrets', 'fichiers.json') })
openSecrets(dataFolder)
const communes = [newId(), newId()] as const
for (const [rank, id] of communes.entries()) {
  await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${id}, 'commune', ${`Commune ${rank}`}, ${`c${rank}`}, ${`0000${rank}`}, now())`.execute(
    database.owner.kysely,
  )
}
await sql`insert into territoire (code, nom, registre_version, demonstration, ouvert_le) values ('14', 'Essai', 'essai', false, now())`.execute(
  database.owner.kysely,
)

const pair = generateKeyPairSync('x25519')
const lock = { publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }) as string }
const opener = { privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
const about: BackupRequest['about'] = { nature: 'territoire', territoire: { code: '14', nom: 'Essai' }, version: '0' }
let made = 0
const backUp = async () => {
  const path = join(root, `sauvegarde-${++made}`)
  return { path, ...(await backUpTerritory({ connection: database.ownerConnection, dataFolder, path, lock, about })) }
}

const admin = { ...database.ownerConnection, user: 'postgres', database: 'postgres' } as Connection
async function freshDatabase(): Promise<Connection> {
  const client = new pg.Client(clientConfig(admin))
  await client.connect()
  const name = `vide_${newId().replaceAll('-', '')}`
  await client.query(`create database ${name} owner parvis_proprietaire`)
  await client.end()
  return { ...database.ownerConnection, database: name } as Connection
}
const request = async (path: string, more: Partial<RestoreRequest> = {}): Promise<RestoreRequest> => ({
  connection: await freshDatabase(),
  dataFolder: join(root, `cible-${newId()}`),
  path,
  opener,
  beforeLoad: async () => {},
  afterLoad: async () => {},
  ...more,
})
const refused = (work: Promise<unknown>, sentence: RegExp) =>
  assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof BackupError, String(error.stack))
    assert.match(error.message, sentence)
    return true
  })

/** Every row of every table, seen by the superuser: the print of a database. */
async function printOf(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const client = await copyClient(clientConfig({ ...connection, user: 'postgres' } as Connection))
  const prints = new Map<string, string>()
  for (const table of await tablesToCopy(client)) {
    const hash = createHash('sha256')
    const copied = copyOut(client, copyOutText(table, table.colonnes, {}))
    for await (const bytes of copied.bytes) hash.update(bytes)
    prints.set(table.nom, `${copied.rows()} ${hash.digest('hex')}`)
  }
  await client.end()
  return prints
}

/** What no ordinary row holds: what CSV, JSON and settings of a server could change. */
async function oddRows() {
  const texts = ['', 'NULL', '\\.', '\\N', 'a,b"c"\n\r\n;\t', ' espaces ', 'é\u0301🙂\u00a0', "l'apostrophe"]
  await sql`create table bizarre (collectivite_id uuid not null, id int not null, texte text, j jsonb, octets bytea, instant timestamptz, jour date,
    reel float8, exact numeric, tableau text[], duree interval, primary key (collectivite_id, id)); `.execute(database.owner.kysely)
  await sql
    .raw(`comment on table bizarre is 'locataire: un essai'; alter table bizarre enable row level security; alter table bizarre force row level security;
    create policy locataire on bizarre for all using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)`)
    .execute(database.owner.kysely)
  for (const id of communes) {
    await inTenant(database.owner, id, async tx => {
      for (const [rank, texte] of texts.entries())
        await sql`insert into bizarre values (${id}, ${rank}, ${texte}, ${JSON.stringify({ texte, n: 1e300 })}, ${Buffer.from([0, 255, 10, 34])}, 'infinity', '0044-03-15 BC',
          0.1::float8 + 0.2, 1234567890.123456789012345678, ${[texte, null, 'x']}, '1 mon 2 days 03:04:05.6')`.execute(tx)
      await sql`insert into bizarre values (${id}, 100, null, 'null'::jsonb, '', '2026-11-22 01:02:03.456789+00', null, 'NaN', 'NaN', '{}', null)`.execute(
        tx,
      )
      await sql`insert into bizarre (collectivite_id, id, reel) values (${id}, 101, '-Infinity')`.execute(tx)
    })
  }
}

const store = (id: string, text: string) =>
  inTenant(database.app, id, async tx => {
    const fichierId = await storeGenerated(files, tx, { collectiviteId: id, name: 'a.txt', type: 'text/plain', bytes: Buffer.from(text) })
    await record(tx, id, new Date('2026-11-22T10:00:00Z'), {
      acteur: 'systeme',
      action: 'essai.ecrire',
      objet: `fichier:${fichierId}`,
      empreinte: '',
    })
    return fichierId
  })
const destroy = async (id: string, fichierId: string) => {
  const remove = await inTenant(database.app, id, async tx => {
    await record(tx, id, new Date('2026-11-22T10:00:00Z'), {
      acteur: 'systeme',
      action: 'essai.detruire',
      objet: `fichier:${fichierId}`,
      empreinte: '',
    })
    return destroyFile(files, tx, { collectiviteId: id, fichierId })
  })
  await remove()
}

test('every row, file and secret comes back the same, into a schema whose rules hold', async () => {
  for (const id of communes) for (let n = 0; n < 5; n++) await store(id, `fichier ${n} de ${id}`)
  await oddRows()
  const before = await printOf(database.ownerConnection)
  const saved = await backUp()
  assert.equal(saved.fichiers, 10)
  // The table of the test is no part of the schema: it is made on the other side by hand.
  const asked = await request(saved.path)
  await migrate(asked.connection)
  const target = openDatabase(asked.connection, { max: 1 })
  await target.pool.query('create table bizarre (like_nothing int)').catch(() => {})
  await target.pool.query('drop table bizarre')
  const { rows } = await database.owner.pool.query<{ name: string; type: string }>(
    "select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'bizarre'::regclass and attnum > 0",
  )
  await target.pool.query(`create table bizarre (${rows.map(({ name, type }) => `${name} ${type}`).join(', ')}, primary key (collectivite_id, id));
    comment on table bizarre is 'locataire: un essai'; alter table bizarre enable row level security; alter table bizarre force row level security;
    create policy locataire on bizarre for all using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)`)
  const done = await restoreTerritory(asked)
  assert.equal(done.fichiersRelus, 10)
  const after = await printOf(asked.connection)
  assert.ok(after.size > 60, `${after.size} tables`)
  assert.deepEqual(
    [...after].filter(([nom, print]) => before.get(nom) !== print),
    [],
  )
  assert.ok(Number(before.get('public.bizarre')?.split(' ')[0]) === 20)
  assert.deepEqual((await catalogueProblems(target)).problems, [])
  for (const name of ['parvis.json', 'fichiers.json'])
    assert.ok(readFileSync(join(asked.dataFolder, 'secrets', name)).equals(readFileSync(join(dataFolder, 'secrets', name))))
  for (const id of communes) assert.equal((await verifyJournal(target, id)).isIntact, true)
  await target.close()
  await sql`drop table bizarre`.execute(database.owner.kysely)
})

test('while clients write, replace and erase, a backup is of one instant, whole, and holds nothing back afterwards', async () => {
  let isDone = false
  let writes = 0
  const client = async (id: string) => {
    const mine: string[] = []
    while (!isDone) {
      mine.push(await store(id, `écrit ${writes++}`))
      if (mine.length > 3) await destroy(id, mine.shift()!)
    }
  }
  const clients = Promise.all([...communes, ...communes].map(client))
  const saved: Awaited<ReturnType<typeof backUp>>[] = []
  try {
    for (let n = 0; n < 3; n++) saved.push(await backUp())
  } finally {
    isDone = true
    await clients
  }
  assert.ok(writes > 20, `${writes} writes`)
  assert.deepEqual(
    readdirSync(files.folder).filter(name => name.startsWith('.')),
    [],
    'the files are held no more',
  )
  for (const { path, manquants } of saved) {
    assert.equal(manquants, 0)
    const asked = await request(path)
    await restoreTerritory(asked)
    const target = openDatabase(asked.connection, { max: 2 })
    for (const id of communes) {
      assert.equal((await verifyJournal(target, id)).isIntact, true)
      const { rows } = await inTenant(target, id, tx =>
        sql<{
          ecrits: number
          fichiers: number
        }>`select (select count(*) filter (where action = 'essai.ecrire') - count(*) filter (where action = 'essai.detruire')
          from journal where collectivite_id = ${id}) as ecrits, (select count(*) from fichier where collectivite_id = ${id}) as fichiers`.execute(
          tx,
        ),
      )
      assert.equal(rows[0]!.ecrits, rows[0]!.fichiers, 'a file and its entry are written together, and saved together')
    }
    await target.close()
  }
})

test('a file replaced just after the picture is still read; one that was missing before is counted, not invented', async () => {
  const id = communes[0]
  const lost = await store(id, 'perdu')
  const { rows } = await inTenant(database.owner, id, tx =>
    sql<{ objet_id: string }>`select objet_id from fichier where id = ${lost}`.execute(tx),
  )
  rmSync(join(files.folder, id, rows[0]!.objet_id))
  const saved = await backUp()
  assert.equal(saved.manquants, 1)
  const asked = await request(saved.path)
  const { fichiersRelus } = await restoreTerritory(asked)
  assert.equal(fichiersRelus, saved.fichiers)
  await destroy(id, lost)
})

test('an installation that is not empty is refused and left as it is', async () => {
  const { path } = await backUp()
  await refused(restoreTerritory(await request(path, { connection: database.ownerConnection })), /n’est pas vide.*table/)
  const folder = join(root, 'occupee')
  mkdirSync(join(folder, 'secrets'), { recursive: true })
  writeFileSync(join(folder, 'secrets', 'parvis.json'), 'à moi')
  await refused(restoreTerritory(await request(path, { dataFolder: folder })), /n’est pas vide.*parvis\.json/)
  assert.equal(readFileSync(join(folder, 'secrets', 'parvis.json'), 'utf8'), 'à moi')
  const { problems } = await catalogueProblems(database.owner)
  assert.deepEqual(problems, [], 'row security is forced again after a refusal')
})

test('an older schema is restored as it was, then brought up to date; a newer or another one is refused', async () => {
  const all = migrationFiles()
  const old = all.at(-2)!.nom
  const source = await freshDatabase()
  await migrate(source, undefined, old)
  const folder = join(root, 'ancienne')
  openSecrets(folder)
  await openFileStore({ folder: join(folder, 'fichiers'), masterKeyPath: join(folder, 'secrets', 'fichiers.json') })
  const path = join(root, 'ancienne.psv')
  await backUpTerritory({ connection: source, dataFolder: folder, path, lock, about })
  const asked = await request(path)
  await restoreTerritory(asked)
  const target = openDatabase(asked.connection, { max: 1 })
  const { rows } = await target.pool.query('select nom from migration where nom = $1', [all.at(-1)!.nom])
  assert.equal(rows.length, 1)
  await target.close()
  const ahead = await request(path)
  await migrate(ahead.connection)
  await refused(restoreTerritory(ahead), /schéma de la base est plus récent/)

  const client = new pg.Client(clientConfig(source))
  await client.connect()
  await client.query("insert into migration (nom, empreinte) values ('9998-demain.sql', 'x')")
  const tomorrow = join(root, 'demain.psv')
  await backUpTerritory({ connection: source, dataFolder: folder, path: tomorrow, lock, about })
  await refused(restoreTerritory(await request(tomorrow)), /version plus récente de Parvis \(elle connaît 9998-demain/)
  await client.query("delete from migration where nom = '9998-demain.sql'; update migration set empreinte = 'x' where nom like '0003%'")
  const other = join(root, 'autre.psv')
  await backUpTerritory({ connection: source, dataFolder: folder, path: other, lock, about })
  await refused(restoreTerritory(await request(other)), /0003.*diffère/)
  await client.end()
})

test('a restore that fails late leaves nothing, and the next one succeeds in the same place', async () => {
  const { path } = await backUp()
  const bytes = readFileSync(path)
  const cut = join(root, 'coupee.psv')
  writeFileSync(cut, bytes.subarray(0, bytes.length - 40))
  const asked = await request(cut)
  await refused(restoreTerritory(asked), /abîmée/)
  assert.ok(!existsSync(join(asked.dataFolder, 'fichiers')) && !existsSync(join(asked.dataFolder, 'secrets', 'parvis.json')))
  await assert.rejects(restoreTerritory({ ...asked, path, afterLoad: () => Promise.reject(new Error('panne')) }), /panne/)
  // Killed without a chance to tidy: the mark is what the next one sees.
  mkdirSync(join(asked.dataFolder, 'fichiers', communes[0]), { recursive: true })
  writeFileSync(join(asked.dataFolder, 'restauration-en-cours'), '')
  assert.ok(isRestoreUnfinished(asked.dataFolder))
  await restoreTerritory({ ...asked, path })
  assert.ok(!isRestoreUnfinished(asked.dataFolder))
})

test('what a backup told before writing can stop it: nothing is written', async () => {
  const { path } = await backUp()
  let seen: Preamble | undefined
  const asked = await request(path, {
    beforeLoad: async preamble => {
      seen = preamble
      throw new BackupError('non')
    },
  })
  await refused(restoreTerritory(asked), /^non$/)
  assert.equal(seen?.territoire.nom, 'Essai')
  assert.ok(!existsSync(asked.dataFolder))
})
