import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { Tx } from '../db/open.ts'
import { newId } from '../ids.ts'
import { ok, type Result, refuse } from '../refusal.ts'
import { collectiviteKey } from './collectivite-key.ts'
import { readObject, refusalOfDisk, removeObject, type StoredObject, writeObject } from './disk.ts'
import { unwrapKey, wrapKey } from './keys.ts'
import { cleanFileName } from './name.ts'
import type { ReceivedFile } from './receive.ts'
import { fileRefusals } from './refusals.ts'
import type { FileStore } from './store.ts'

export type FileState = 'recu' | 'disponible' | 'refuse'

/** Which file, of which collectivité. */
export interface FileAddress {
  readonly collectiviteId: string
  readonly fichierId: string
}

/** The bytes of an available file, decrypted as they are read. The stream must be read or destroyed. */
export interface OpenedFile {
  readonly stream: Readable
  readonly name: string
  readonly type: string
  readonly sizeBytes: number
}

/** What a page shows of a file. */
export interface FileSummary {
  readonly fichierId: string
  readonly state: FileState
  readonly name: string
  readonly type: string
  readonly sizeBytes: number
  /** What the antivirus said, once the file has been inspected. */
  readonly antivirus: string | undefined
  /** Why it was refused, a sentence for the person who sent it. */
  readonly motif: string | undefined
}

interface FileRow {
  readonly id: string
  readonly etat: FileState
  readonly nom: string
  readonly type: string
  readonly taille_octets: number
  readonly objet_id: string | null
  readonly cle: Buffer | null
  readonly antivirus: string | null
  readonly motif: string | null
}

/** The bytes of a stored file are missing or unreadable: an accident to look into, with no error code that could be taken for the database's. */
export class StorageFailure extends Error {
  override name = 'StorageFailure'
}

/** Writes the row of a received file, state « recu », in the caller's transaction; gives its id. Enqueue inspectFile in the same transaction. */
export async function recordFile(store: FileStore, tx: Tx, received: ReceivedFile): Promise<string> {
  const fichierId = newId()
  const { collectiviteId, name, type, sizeBytes, sha256, objectId } = received
  const wrapped = await sealFileKey(store, tx, collectiviteId, received)
  await sql`insert into fichier (collectivite_id, id, etat, nom, type, taille_octets, empreinte, objet_id, cle, recu_le)
    values (${collectiviteId}, ${fichierId}, 'recu', ${name}, ${type}, ${sizeBytes}, ${sha256}, ${objectId}, ${wrapped}, ${store.clock.now()})`.execute(
    tx,
  )
  return fichierId
}

/** Stores a document made by the program (an accusé de réception, a decision): available at once. Gives its id. Throws StorageFailure when the disk fails. */
export async function storeGenerated(
  store: FileStore,
  tx: Tx,
  document: { readonly collectiviteId: string; readonly name: string; readonly type: string; readonly bytes: Uint8Array },
): Promise<string> {
  const { collectiviteId, name, type, bytes } = document
  return recordGenerated(store, tx, { collectiviteId, name, type, written: await writeGenerated(store, collectiviteId, [bytes]) })
}

/** The bytes of a long document, written before their row: no transaction stays open while they come. */
export interface WrittenBytes extends StoredObject {
  readonly sizeBytes: number
  readonly sha256: Buffer
}

/**
 * Writes what the program makes, as it comes, encrypted: it lies there until `recordGenerated`; if that never is, sweepOrphans removes it.
 * Whatever the source throws goes on up, the disk's failures as StorageFailure.
 */
export async function writeGenerated(
  store: FileStore,
  collectiviteId: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<WrittenBytes> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  async function* measured() {
    for await (const bytes of source) {
      hash.update(bytes)
      sizeBytes += bytes.length
      yield bytes
    }
  }
  const object = await writeObject(store.disk, store.folder, collectiviteId, measured()).catch(failedOfDisk)
  return { ...object, sizeBytes, sha256: hash.digest() }
}

/** Writes the row of what `writeGenerated` wrote: available at once. Gives its id. */
export async function recordGenerated(
  store: FileStore,
  tx: Tx,
  document: { readonly collectiviteId: string; readonly name: string; readonly type: string; readonly written: WrittenBytes },
): Promise<string> {
  const { collectiviteId, name, type, written } = document
  const fichierId = newId()
  const wrapped = await sealFileKey(store, tx, collectiviteId, written)
  const now = store.clock.now()
  await sql`insert into fichier (collectivite_id, id, etat, nom, type, taille_octets, empreinte, objet_id, cle, antivirus, recu_le, verifie_le)
    values (${collectiviteId}, ${fichierId}, 'disponible', ${cleanFileName(name)}, ${type}, ${written.sizeBytes},
      ${written.sha256}, ${written.objectId}, ${wrapped}, 'document produit par le service', ${now}, ${now})`.execute(tx)
  return fichierId
}

/** Opens a file to serve it, only when it is available. Refusals: fichier_introuvable (another tenant's too), fichier_en_verification, fichier_refuse. */
export async function openFile(store: FileStore, tx: Tx, address: FileAddress): Promise<Result<OpenedFile>> {
  const row = await readRow(tx, address)
  if (!row) return refuse(fileRefusals.fichier_introuvable)
  if (row.etat === 'recu') return refuse(fileRefusals.fichier_en_verification)
  const object = row.etat === 'disponible' ? await openFileKey(store, tx, address.collectiviteId, row) : undefined
  if (!object) return refuse(fileRefusals.fichier_refuse)
  const stream = await readObject(store.folder, address.collectiviteId, object).catch(failed)
  return ok({ stream, name: row.nom, type: row.type, sizeBytes: row.taille_octets })
}

/** What is known of some files, in the order asked; those that do not exist are left out. */
export async function filesOf(tx: Tx, collectiviteId: string, fichierIds: readonly string[]): Promise<FileSummary[]> {
  if (fichierIds.length === 0) return []
  const { rows } = await sql<FileRow>`select id, etat, nom, type, taille_octets, objet_id, cle, antivirus, motif from fichier
    where collectivite_id = ${collectiviteId} and id = any(${[...fichierIds]}::uuid[])`.execute(tx)
  const known = new Map(rows.map(row => [row.id, row]))
  return fichierIds.flatMap(id => {
    const row = known.get(id)
    return row ? [summaryOf(row)] : []
  })
}

/**
 * Destroys a file: its row goes and with it the only key. Gives a function that removes the bytes, to be called after the commit
 * (before, a rollback would leave a row without bytes); if it never is, sweepOrphans removes them. No effect on a file that is gone.
 */
export async function destroyFile(store: FileStore, tx: Tx, { collectiviteId, fichierId }: FileAddress): Promise<() => Promise<void>> {
  const { rows } = await sql<{ objet_id: string | null }>`delete from fichier
    where collectivite_id = ${collectiviteId} and id = ${fichierId} returning objet_id`.execute(tx)
  const objectId = rows[0]?.objet_id
  return async () => {
    if (objectId) await removeObject(store.folder, collectiviteId, objectId)
  }
}

/** The row of a file, in the caller's transaction. For inspectFile. */
export async function readRow(tx: Tx, { collectiviteId, fichierId }: FileAddress): Promise<FileRow | undefined> {
  const { rows } = await sql<FileRow>`select id, etat, nom, type, taille_octets, objet_id, cle, antivirus, motif from fichier
    where collectivite_id = ${collectiviteId} and id = ${fichierId}`.execute(tx)
  return rows[0]
}

/** The key of an object, sealed under the collectivité's for its row. */
export async function sealFileKey(store: FileStore, tx: Tx, collectiviteId: string, object: StoredObject): Promise<Buffer> {
  return wrapKey(await collectiviteKey(store, tx, collectiviteId), object.key, contextOf(collectiviteId, object.objectId))
}

/** The object of a row, its key opened; undefined when the row has none. */
export async function openFileKey(store: FileStore, tx: Tx, collectiviteId: string, row: FileRow): Promise<StoredObject | undefined> {
  if (!row.objet_id || !row.cle) return undefined
  const key = unwrapKey(await collectiviteKey(store, tx, collectiviteId), row.cle, contextOf(collectiviteId, row.objet_id))
  return { objectId: row.objet_id, key }
}

const contextOf = (collectiviteId: string, objectId: string): string => `parvis fichier ${collectiviteId} ${objectId}`

function summaryOf(row: FileRow): FileSummary {
  const { id, etat, nom, type, taille_octets, antivirus, motif } = row
  return {
    fichierId: id,
    state: etat,
    name: nom,
    type,
    sizeBytes: taille_octets,
    antivirus: antivirus ?? undefined,
    motif: motif ?? undefined,
  }
}

// What the source threw is its own; what the disk did must not leave under its own code.
function failedOfDisk(error: unknown): never {
  if (refusalOfDisk(error)) failed(error)
  throw error
}

// inScope takes ENOENT and its like for a lost database: an error of the disk must not leave a transaction under its own code.
function failed(error: unknown): never {
  throw new StorageFailure(`stockage des documents\u00a0: ${(error as Error).message}`, { cause: error })
}
