import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../db/open.ts'
import { unwrapKey, wrapKey } from './keys.ts'
import type { FileStore } from './store.ts'

interface KeyRow {
  readonly cle_maitresse: string
  readonly cle: Buffer
}

/** The key of a collectivité's files, made at its first file. Throws when the version of the master key that sealed it is no longer in the key file. */
export async function collectiviteKey(store: FileStore, tx: Tx, collectiviteId: string): Promise<Buffer> {
  const row = (await readRow(tx, collectiviteId)) ?? (await createRow(store, tx, collectiviteId))
  return openRow(store, row, collectiviteId)
}

/**
 * Seals a collectivité's key again under the current master key; true when it was under the previous one. The files are not touched.
 * Once every collectivité has passed, the previous version may leave the key file.
 */
export async function resealCollectiviteKey(store: FileStore, tx: Tx, collectiviteId: string): Promise<boolean> {
  const row = await readRow(tx, collectiviteId)
  const [current] = store.masterKeys
  if (!row || row.cle_maitresse === current.id) return false
  const wrapped = wrapKey(current.key, openRow(store, row, collectiviteId), contextOf(collectiviteId))
  await sql`update cle_fichiers set cle_maitresse = ${current.id}, cle = ${wrapped} where collectivite_id = ${collectiviteId}`.execute(tx)
  return true
}

async function readRow(tx: Tx, collectiviteId: string): Promise<KeyRow | undefined> {
  const { rows } = await sql<KeyRow>`select cle_maitresse, cle from cle_fichiers where collectivite_id = ${collectiviteId}`.execute(tx)
  return rows[0]
}

// Two first files at once: the second insert waits for the first transaction, does nothing, and reads the key that won.
async function createRow(store: FileStore, tx: Tx, collectiviteId: string): Promise<KeyRow> {
  const [current] = store.masterKeys
  const wrapped = wrapKey(current.key, randomBytes(32), contextOf(collectiviteId))
  await sql`insert into cle_fichiers (collectivite_id, cle_maitresse, cle, creee_le)
    values (${collectiviteId}, ${current.id}, ${wrapped}, ${store.clock.now()}) on conflict (collectivite_id) do nothing`.execute(tx)
  const row = await readRow(tx, collectiviteId)
  if (!row) throw new Error('the key of the collectivité is not visible: is the transaction opened for it?')
  return row
}

function openRow(store: FileStore, row: KeyRow, collectiviteId: string): Buffer {
  const master = store.masterKeys.find(version => version?.id === row.cle_maitresse)
  if (!master) {
    throw new Error(
      `La version «\u00a0${row.cle_maitresse}\u00a0» de la clé maîtresse des documents manque dans le fichier de clés\u00a0: remettez-la, ou restaurez le fichier.`,
    )
  }
  return unwrapKey(master.key, row.cle, contextOf(collectiviteId))
}

const contextOf = (collectiviteId: string): string => `parvis collectivite ${collectiviteId}`
