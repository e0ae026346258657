import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { migrate, migrationFiles } from '../db/migrate.ts'
import { type Connection, clientConfig, type Tx } from '../db/open.ts'
import { unseal } from '../files/chunks.ts'
import { objectPath, removeObject } from '../files/disk.ts'
import { openFileKey } from '../files/records.ts'
import { type FileStore, openFileStore } from '../files/store.ts'
import { copyIn, copyOut } from './copy.ts'
import { BackupError, saidOfDisk } from './error.ts'
import { type EntryName, type Preamble, type ReadEntry, readFrames, type Totals } from './frames.ts'
import type { Opener } from './locks.ts'
import { readSealed } from './sealed.ts'
import { SECRETS } from './snapshot.ts'
import { copyClient, copyInText, copyOutText, forceText, type TableToCopy, tablesToCopy, transactionOf } from './tables.ts'

/** What is restored, from where, into what. */
export interface RestoreRequest {
  /** The owner's connection. */
  readonly connection: Connection
  readonly dataFolder: string
  readonly path: string
  readonly opener: Opener
  /** Before anything is written: whether this backup may be restored (the register of erasures covers it). Throws when not. */
  readonly beforeLoad: (preamble: Preamble) => Promise<void>
  /** In the transaction, once every row is there: erases again what was erased since. */
  readonly afterLoad: (tx: Tx) => Promise<void>
}

/** What was restored. */
export type Restored = { readonly preamble: Preamble; readonly totals: Totals; readonly fichiersRelus: number }

const MARKER = 'restauration-en-cours'

/** Whether a restore was cut short in a data folder: what lies there is not an installation. */
export const isRestoreUnfinished = (dataFolder: string): boolean => existsSync(join(dataFolder, MARKER))

/**
 * Restores a territory into an empty installation: schema as it was, rows, files, secrets, then the schema of this program. One transaction for
 * the rows: all, or nothing. Each table is read back and compared with its print, each file is opened with its key, before it is validated.
 * Refuses (BackupError): an installation that is not empty, a backup newer than the program, altered, cut, that another phrase opens, a full disk.
 */
export async function restoreTerritory(request: RestoreRequest): Promise<Restored> {
  const { dataFolder, connection } = request
  if (isRestoreUnfinished(dataFolder)) clear(dataFolder)
  refuseFilled(dataFolder)
  let client: pg.Client | undefined
  let tables: TableToCopy[] = []
  let [hasBegun, isDone] = [false, false]
  try {
    const read = await readFrames(
      readSealed(request.path, request.opener),
      async preamble => {
        const last = checkSchema(preamble)
        await request.beforeLoad(preamble)
        await refuseNewer(connection, last)
        await migrate(connection, undefined, last)
        client = await copyClient(clientConfig(connection))
        tables = await openEmpty(client)
        mkdirSync(dataFolder, { recursive: true })
        writeFileSync(join(dataFolder, MARKER), '')
        hasBegun = true
      },
      entry => restoreEntry(entry, { client: client!, dataFolder, tables }),
    )
    const fichiersRelus = await finish(request, client!, tables, read.totals)
    // Before the commit: stopped between the two, the next restore refuses what lies there rather than clearing what was restored.
    rmSync(join(dataFolder, MARKER))
    await client!.query('commit')
    isDone = true
    await migrate(connection)
    await client!.query('analyze')
    return { ...read, fichiersRelus }
  } catch (error) {
    await client?.query('rollback').catch(() => {})
    if (hasBegun && !isDone) clear(dataFolder)
    throw saidOfDisk(error, dataFolder)
  } finally {
    await client?.end().catch(() => {})
  }
}

function clear(dataFolder: string): void {
  rmSync(join(dataFolder, 'fichiers'), { recursive: true, force: true })
  for (const name of SECRETS) rmSync(join(dataFolder, 'secrets', name), { force: true })
  rmSync(join(dataFolder, MARKER), { force: true })
}

const NOT_EMPTY = 'Cette installation n’est pas vide, et une restauration n’écrit jamais par-dessus des données'

function refuseFilled(dataFolder: string): void {
  const files = join(dataFolder, 'fichiers')
  const found =
    SECRETS.map(name => join(dataFolder, 'secrets', name)).find(existsSync) ??
    (existsSync(files) && readdirSync(files).length > 0 ? files : undefined)
  if (found) throw new BackupError(`${NOT_EMPTY} : ${found} existe. Choisissez un autre dossier avec PARVIS_DONNEES.`)
}

/** The last migration of a backup; refuses one whose schema this program does not know. */
function checkSchema({ nature, migrations }: Preamble): string {
  if (nature !== 'territoire') {
    throw new BackupError(
      'Cette sauvegarde est celle d’une seule commune : elle s’ouvre avec « bin/parvis sauvegarde ouvrir », elle ne se restaure pas.',
    )
  }
  const ours = migrationFiles()
  const theirs = migrations.filter(({ nom }) => nom.endsWith('.sql'))
  for (const [rank, { nom, empreinte }] of theirs.entries()) {
    const known = ours[rank]
    if (known?.nom === nom && known.empreinte === empreinte) continue
    throw new BackupError(
      ours.some(one => one.nom === nom)
        ? `Le schéma de cette sauvegarde n’est pas celui de ce programme (${nom} diffère). Restaurez-la avec la version de Parvis qui l’a faite.`
        : `Cette sauvegarde vient d’une version plus récente de Parvis (elle connaît ${nom}). Installez cette version, puis recommencez.`,
    )
  }
  return theirs.at(-1)?.nom ?? ''
}

/** A database whose schema is already ahead of the backup's cannot go back. */
async function refuseNewer(connection: Connection, last: string): Promise<void> {
  const client = new pg.Client(clientConfig(connection))
  await client.connect()
  try {
    const { rows } = await client.query<{ there: boolean }>("select to_regclass('public.migration') is not null as there")
    if (!rows[0]!.there) return
    const ahead = await client.query<{ nom: string }>("select nom from migration where nom > $1 and nom like '%.sql'", [last])
    if (ahead.rows[0]) {
      throw new BackupError(
        `${NOT_EMPTY} : le schéma de la base est plus récent que celui de la sauvegarde (${ahead.rows[0].nom}). Donnez une base neuve.`,
      )
    }
  } finally {
    await client.end()
  }
}

async function openEmpty(client: pg.Client): Promise<TableToCopy[]> {
  await client.query("begin; set local lock_timeout = '5s'")
  const tables = await tablesToCopy(client)
  for (const { nom } of tables) {
    if (!nom.startsWith('public.')) continue
    const { rowCount } = await client.query(`select 1 from ${nom} limit 1`)
    if (rowCount) throw new BackupError(`${NOT_EMPTY} : la table « ${nom.slice('public.'.length)} » en contient. Donnez une base neuve.`)
  }
  // Only the owner, in this transaction, sees the rows of all; no one else can enter before it ends.
  await client.query(forceText(tables, false)).catch(error => {
    if (error.code !== '55P03') throw error
    throw new BackupError('Un autre programme se sert de cette base. Arrêtez-le, puis recommencez.')
  })
  return tables
}

interface Place {
  readonly client: pg.Client
  readonly dataFolder: string
  readonly tables: readonly TableToCopy[]
}

async function restoreEntry(entry: ReadEntry, place: Place): Promise<void> {
  const { name } = entry
  if (name.genre === 'table') await restoreTable(entry, name, place)
  else if (name.genre === 'fichier') await write(objectPath(join(place.dataFolder, 'fichiers'), name.collectivite, name.objet), entry.bytes)
  else {
    const secret = SECRETS.find(known => name.nom === `secrets/${known}`)
    if (!secret) throw new BackupError(`Cette sauvegarde contient « ${name.nom} », que ce programme ne connaît pas.`)
    await write(join(place.dataFolder, 'secrets', secret), entry.bytes)
  }
}

async function restoreTable(
  { bytes, end }: ReadEntry,
  name: Extract<EntryName, { genre: 'table' }>,
  { client, tables }: Place,
): Promise<void> {
  const table = tables.find(({ nom }) => nom === name.table)
  if (!table || name.colonnes.some(column => !table.colonnes.includes(column))) {
    throw new BackupError(
      `La table « ${name.table} » de cette sauvegarde n’est pas celle de ce programme. Restaurez-la avec la version de Parvis qui l’a faite.`,
    )
  }
  await copyIn(client, copyInText(table.nom, name.colonnes), bytes)
  const hash = createHash('sha256')
  const back = copyOut(client, copyOutText(table, name.colonnes, { collectivite: name.collectivite }))
  for await (const chunk of back.bytes) hash.update(chunk)
  const { sha256, lignes } = end()
  if (hash.digest('hex') !== sha256 || back.rows() !== lignes) {
    throw new BackupError(`Une fois écrite, « ${name.nom} » n’est pas ce que la sauvegarde contient. Rien n’est restauré.`)
  }
}

async function write(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const handle = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of bytes) await handle.writeFile(chunk)
  } finally {
    await handle.close()
  }
}

/** What follows the last entry: counters, work to take up again, erasures, files opened one by one. Gives how many files. */
async function finish(
  { dataFolder, afterLoad }: RestoreRequest,
  client: pg.Client,
  tables: readonly TableToCopy[],
  totals: Totals,
): Promise<number> {
  await client.query(`
    do $$ declare c record; begin
      for c in select format('%I.%I', n.nspname, r.relname) as t, a.attname as name from pg_attribute a join pg_class r on r.oid = a.attrelid
        join pg_namespace n on n.oid = r.relnamespace where n.nspname in ('public', 'graphile_worker') and r.relkind = 'r' and a.attidentity <> '' loop
        execute format('select setval(pg_get_serial_sequence(%L, %L), max(%I)) from %s', c.t, c.name, c.name, c.t);
      end loop; end $$;
    update graphile_worker._private_jobs set locked_at = null, locked_by = null where locked_by is not null;
    update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_by is not null`)
  const tx = transactionOf(client)
  await afterLoad(tx)
  const files = await openFileStore({ folder: join(dataFolder, 'fichiers'), masterKeyPath: join(dataFolder, 'secrets', 'fichiers.json') })
  const relus = await readFiles(files, client, tx, totals.manquants)
  await client.query(forceText(tables, true))
  spawnSync('sync', ['-f', files.folder])
  return relus
}

/** Opens every file with its key and compares it with its print; removes the bytes that no row knows any more (erased since). */
async function readFiles(store: FileStore, client: pg.Client, tx: Tx, missingAllowed: number): Promise<number> {
  let read = 0
  let missing = 0
  const { rows: collectivites } = await client.query<{ id: string }>('select distinct collectivite_id as id from fichier')
  const known = new Set<string>()
  for (const { id } of collectivites) {
    const { rows } = await client.query(
      'select id, etat, nom, type, taille_octets, objet_id, cle, antivirus, motif, empreinte from fichier where collectivite_id = $1 and objet_id is not null',
      [id],
    )
    for (const row of rows) {
      known.add(row.objet_id)
      const path = objectPath(store.folder, id, row.objet_id)
      if (!existsSync(path)) {
        missing++
        continue
      }
      const hash = createHash('sha256')
      const { key } = (await openFileKey(store, tx, id, row))!
      for await (const bytes of unseal(key, createReadStream(path))) hash.update(bytes)
      if (!hash.digest().equals(row.empreinte))
        throw new BackupError(`Le fichier ${row.objet_id} n’est pas celui que la base connaît. Rien n’est restauré.`)
      read++
    }
  }
  if (missing > missingAllowed)
    throw new BackupError(`Il manque ${missing} fichiers à cette sauvegarde. Rien n’est restauré : prenez-en une autre.`)
  for (const collectivite of readdirSync(store.folder)) {
    for (const objet of readdirSync(join(store.folder, collectivite)))
      if (!known.has(objet)) await removeObject(store.folder, collectivite, objet)
  }
  return read
}
