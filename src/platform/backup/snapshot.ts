import { existsSync, readFileSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type pg from 'pg'
import { type Connection, clientConfig } from '../db/open.ts'
import { type Aside, openAside } from '../files/aside.ts'
import { objectPath } from '../files/disk.ts'
import { copyOut } from './copy.ts'
import { type EntryName, FrameWriter, type Preamble, type Totals } from './frames.ts'
import type { Lock } from './locks.ts'
import { writeSealed } from './sealed.ts'
import { copyClient, copyOutText, type TableToCopy, tablesToCopy, type Which, withRowsText } from './tables.ts'

/** Files of the data folder without which the rest cannot be read. */
export const SECRETS = ['parvis.json', 'fichiers.json'] as const

/** Where to read, where to write, and how to close it. */
export interface BackupRequest {
  /** The owner's connection. */
  readonly connection: Connection
  readonly dataFolder: string
  readonly path: string
  readonly lock: Lock
  /** What the preamble says, but for what is read in the picture itself. */
  readonly about: Omit<Preamble, 'format' | 'creeLe' | 'migrations'>
}

/** What was written, and the size of the file in bytes. */
export type Backup = Totals & { readonly sizeBytes: number; readonly creeLe: string }

/** One picture of the database (REPEATABLE READ: nothing written since is seen), and its files, those that go meanwhile included. */
export interface Picture {
  readonly client: pg.Client
  readonly tables: readonly TableToCopy[]
  readonly collectivites: readonly string[]
  readonly folder: string
  readonly aside: Aside
  readonly writer: FrameWriter
}

/**
 * Backs up the whole territory while the program runs: every table, every file as it is on the disk (encrypted), and the secrets that open
 * them. Refuses (BackupError) a file that exists, a full disk.
 */
export const backUpTerritory = (request: BackupRequest): Promise<Backup> => backUp(request, undefined, territory(request.dataFolder))

/** Takes a picture, of one collectivité's files or of all, and writes the entries that `frames` makes of it. */
export async function backUp(
  request: BackupRequest,
  collectivite: string | undefined,
  frames: (picture: Picture) => AsyncGenerator<Buffer>,
): Promise<Backup> {
  const folder = join(request.dataFolder, 'fichiers')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const client = await copyClient(clientConfig(request.connection))
  const aside = await openAside(folder)
  try {
    const taken = await take(client, collectivite)
    const writer = new FrameWriter()
    const preamble: Preamble = { format: 1, ...request.about, creeLe: taken.creeLe, migrations: taken.migrations }
    async function* all() {
      yield writer.start(preamble)
      yield* frames({ ...taken, client, folder, aside, writer })
      yield writer.end()
    }
    const sizeBytes = await writeSealed(request.path, request.lock, all())
    return { ...writer.totals, sizeBytes, creeLe: taken.creeLe }
  } finally {
    await client.end().catch(() => {})
    await aside.close()
  }
}

/** Opens the picture: what is written from now on is not in it. */
async function take(client: pg.Client, collectivite: string | undefined) {
  await client.query('begin isolation level repeatable read read only')
  const { rows } = await client.query<{ id: string }>('select id from collectivite order by id')
  const migrations = await client.query<Preamble['migrations'][number]>('select nom, empreinte from migration order by nom')
  const instants = await client.query<{ le: Date }>('select now() as le')
  return {
    collectivites: collectivite === undefined ? rows.map(({ id }) => id) : [collectivite],
    migrations: migrations.rows,
    creeLe: instants.rows[0]!.le.toISOString(),
    tables: await tablesToCopy(client),
  }
}

/** The objects of a collectivité's files, in the picture; leaves it as the one whose rows are seen. */
export async function objectsOf(client: pg.Client, collectivite: string): Promise<string[]> {
  await client.query(`set local parvis.collectivite = '${collectivite}'`)
  const { rows } = await client.query<{ objet_id: string }>(
    'select objet_id from fichier where collectivite_id = $1 and objet_id is not null order by objet_id',
    [collectivite],
  )
  return rows.map(({ objet_id }) => objet_id)
}

/** An entry of a table's rows. */
export async function* tableEntry(picture: Picture, nom: string, table: TableToCopy, which: Which, colonnes = table.colonnes) {
  const name: EntryName = {
    nom,
    genre: 'table',
    table: table.nom,
    colonnes,
    ...(which.collectivite === undefined ? {} : { collectivite: which.collectivite }),
  }
  const copied = copyOut(picture.client, copyOutText(table, colonnes, which))
  yield* picture.writer.entry(name, copied.bytes, copied.rows)
}

/** The tables of a collectivité that have rows, in the order of writing. */
export async function filledTables(picture: Picture, collectivite: string): Promise<TableToCopy[]> {
  const tables = picture.tables.filter(({ estLocataire }) => estLocataire)
  await picture.client.query(`set local parvis.collectivite = '${collectivite}'`)
  const { rows } = await picture.client.query<{ nom: string }>(withRowsText(tables, collectivite))
  const filled = new Set(rows.map(({ nom }) => nom))
  return tables.filter(({ nom }) => filled.has(nom))
}

const territory = (dataFolder: string) =>
  async function* (picture: Picture): AsyncGenerator<Buffer> {
    const { writer, client } = picture
    for (const name of SECRETS) {
      const path = join(dataFolder, 'secrets', name)
      if (existsSync(path)) yield* writer.entry({ nom: `secrets/${name}`, genre: 'secret' }, [readFileSync(path)])
    }
    for (const table of picture.tables) if (!table.estLocataire) yield* tableEntry(picture, `territoire/${table.nom}.csv`, table, {})
    for (const collectivite of picture.collectivites) {
      for (const table of await filledTables(picture, collectivite)) {
        yield* tableEntry(picture, `collectivites/${collectivite}/${table.nom}.csv`, table, { collectivite })
      }
      for (const objet of await objectsOf(client, collectivite)) {
        const bytes = await bytesOf(picture, collectivite, objet)
        if (bytes) yield* writer.entry({ nom: `fichiers/${collectivite}/${objet}`, genre: 'fichier', collectivite, objet }, bytes)
        else writer.missing()
      }
    }
  }

/** The bytes of a file, opened at once so that they cannot go; undefined when they were already missing before the picture. */
export async function bytesOf({ folder, aside }: Picture, collectivite: string, objet: string): Promise<Readable | undefined> {
  // In this order: it is put aside before it leaves its place.
  for (const path of [objectPath(folder, collectivite, objet), aside.path(objet)]) {
    try {
      return (await open(path, 'r')).createReadStream({ highWaterMark: 131_072 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return undefined
}
