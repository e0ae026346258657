import type { Readable } from 'node:stream'
import { unseal } from '../files/chunks.ts'
import { openFileKey } from '../files/records.ts'
import type { FileStore } from '../files/store.ts'
import { type Backup, type BackupRequest, backUp, bytesOf, filledTables, type Picture, tableEntry } from './snapshot.ts'
import { transactionOf } from './tables.ts'

/** What a collectivité takes with it when it leaves. */
export interface Departure {
  readonly collectivite: string
  readonly store: FileStore
  /** Columns that are secrets of the installation, by table: they open nothing elsewhere, and might here. */
  readonly secrets: ReadonlyMap<string, ReadonlySet<string>>
  /** Rows shared by the territory that its own rows name: table → the condition that picks them, and only them. */
  readonly partages: ReadonlyMap<string, string>
  /** What each column means, for who will read them without this program. */
  readonly dictionnaire: unknown
}

/**
 * Writes all that belongs to one collectivité so that it may leave: its rows in CSV, the shared rows that they name, its files in clear inside
 * the sealed file (no key of the territory goes with them), and a dictionary of the columns. While the program runs, as of one instant.
 * Refuses (BackupError) a file that exists, a full disk. Reversibility: a collectivité may take its data back in an open format.
 */
export const backUpDeparture = (request: BackupRequest, departure: Departure): Promise<Backup> =>
  backUp(request, departure.collectivite, picture => frames(picture, departure))

async function* frames(picture: Picture, departure: Departure): AsyncGenerator<Buffer> {
  const { collectivite, secrets, partages, dictionnaire } = departure
  const { writer, tables } = picture
  const kept = (nom: string, colonnes: readonly string[]) => colonnes.filter(column => !secrets.get(nom)?.has(column))
  yield* writer.entry({ nom: 'dictionnaire.json', genre: 'document' }, [Buffer.from(`${JSON.stringify(dictionnaire, null, 2)}\n`)])
  await picture.client.query(`set local parvis.collectivite = '${collectivite}'`)
  for (const table of tables) {
    const condition = partages.get(bare(table.nom))
    if (condition !== undefined)
      yield* tableEntry(picture, `tables/${bare(table.nom)}.csv`, table, { condition }, kept(bare(table.nom), table.colonnes))
  }
  for (const table of await filledTables(picture, collectivite)) {
    const colonnes = kept(bare(table.nom), table.colonnes)
    // A table whose rows are only a secret and its date says nothing elsewhere.
    if (bare(table.nom) === 'cle_fichiers') continue
    yield* tableEntry(picture, `tables/${bare(table.nom)}.csv`, table, { collectivite }, colonnes)
  }
  yield* openedFiles(picture, departure)
}

async function* openedFiles(picture: Picture, { collectivite, store }: Departure): AsyncGenerator<Buffer> {
  const { client, writer } = picture
  const { rows } = await client.query(
    `select id, etat, nom, type, taille_octets, objet_id, cle, antivirus, motif from fichier
      where collectivite_id = $1 and objet_id is not null order by id`,
    [collectivite],
  )
  for (const row of rows) {
    const sealed: Readable | undefined = await bytesOf(picture, collectivite, row.objet_id)
    if (!sealed) {
      writer.missing()
      continue
    }
    const { key } = (await openFileKey(store, transactionOf(client), collectivite, row))!
    // The name that a person gave is in fichier.csv: it makes no path. Its extension says how to open it.
    const extension = /\.[a-z0-9]{1,5}$/i.exec(row.nom)?.[0].toLowerCase() ?? ''
    const name = { nom: `fichiers/${row.id}${extension}`, genre: 'fichier' as const, collectivite, objet: row.objet_id }
    yield* writer.entry(name, unseal(key, sealed))
  }
}

const bare = (nom: string): string => nom.replace(/^public\./, '')
