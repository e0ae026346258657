import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Database, inTenant } from '../db/open.ts'
import { scanWithClamd } from './clamd.ts'
import { readObject, removeObject, type StoredObject, writeObject } from './disk.ts'
import { cleanImage } from './images.ts'
import { type Kind, kindOfType, kinds } from './kinds.ts'
import { withExtension } from './name.ts'
import { faultOfOffice } from './office.ts'
import { faultOfPdf } from './pdf.ts'
import { type FileAddress, openFileKey, readRow, sealFileKey } from './records.ts'
import type { FileStore } from './store.ts'
import { faultOfText } from './text.ts'

interface Verdict {
  readonly antivirus: string
  /** The reason of a refusal, a sentence; absent when the file is good. */
  readonly motif?: string
  /** The image made anew, which replaces what was received. */
  readonly replacement?: { readonly bytes: Buffer; readonly kind: Kind }
}

/**
 * The worker's part: antivirus, parse, images made anew; then « disponible » or « refuse ». Idempotent, and no transaction is held meanwhile.
 * Throws ScannerUnavailable when the configured antivirus gives no verdict: the file stays « recu » and the job is tried again (fail closed).
 * Gives undefined when the file no longer exists. One at a time: it holds the whole file, at most `maxBytes`, and its pixels, in memory.
 */
export async function inspectFile(store: FileStore, db: Database, address: FileAddress): Promise<'disponible' | 'refuse' | undefined> {
  const { collectiviteId } = address
  const found = await inTenant(db, collectiviteId, async tx => {
    const row = await readRow(tx, address)
    return row && { row, object: row.etat === 'recu' ? await openFileKey(store, tx, collectiviteId, row) : undefined }
  })
  if (!found) return undefined
  const { row, object } = found
  if (row.etat !== 'recu' || !object) return row.etat === 'recu' ? undefined : row.etat
  const verdict = await judge(store, collectiviteId, object, row.type)
  if (verdict.motif !== undefined) return refuseFile(store, db, address, object, verdict)
  return acceptFile(store, db, address, { name: row.nom, object, verdict })
}

async function judge(store: FileStore, collectiviteId: string, object: StoredObject, type: string): Promise<Verdict> {
  const chunks: Buffer[] = []
  for await (const chunk of await readObject(store.folder, collectiviteId, object)) chunks.push(chunk as Buffer)
  let antivirus = 'aucun antivirus configuré'
  if (store.clamd) {
    const scan = await scanWithClamd(store.clamd, chunks)
    if (!scan.isClean) {
      return {
        antivirus: `antivirus\u00a0: ${scan.signature}`,
        motif:
          'L’antivirus a trouvé un programme malveillant dans ce fichier. Vérifiez votre appareil, puis envoyez une copie saine ou apportez le document en mairie.',
      }
    }
    antivirus = 'antivirus\u00a0: rien trouvé'
  }
  return { antivirus, ...(await parse(Buffer.concat(chunks), kindOfType(type), store.maxBytes)) }
}

async function parse(bytes: Buffer, kind: Kind | undefined, maxBytes: number): Promise<Omit<Verdict, 'antivirus'>> {
  if (!kind) return { motif: 'Ce type de fichier n’est pas accepté.' }
  const { family } = kinds[kind]
  if (family === 'image') {
    const image = await cleanImage(bytes, kind, maxBytes)
    return typeof image === 'string' ? { motif: image } : { replacement: image }
  }
  const fault = family === 'pdf' ? faultOfPdf(bytes) : family === 'office' ? faultOfOffice(bytes, kind) : faultOfText(bytes)
  return fault === undefined ? {} : { motif: fault }
}

async function refuseFile(store: FileStore, db: Database, address: FileAddress, object: StoredObject, verdict: Verdict) {
  const { collectiviteId, fichierId } = address
  const isDone = await inTenant(db, collectiviteId, async tx => {
    const done =
      await sql`update fichier set etat = 'refuse', objet_id = null, cle = null, antivirus = ${verdict.antivirus}, motif = ${verdict.motif},
      verifie_le = ${store.clock.now()} where collectivite_id = ${collectiviteId} and id = ${fichierId} and etat = 'recu'`.execute(tx)
    return done.numAffectedRows === 1n
  })
  if (!isDone) return stateOf(db, address)
  await removeObject(store.folder, collectiviteId, object.objectId)
  return 'refuse'
}

async function acceptFile(
  store: FileStore,
  db: Database,
  address: FileAddress,
  { name, object, verdict }: { readonly name: string; readonly object: StoredObject; readonly verdict: Verdict },
) {
  const { collectiviteId, fichierId } = address
  const { replacement, antivirus } = verdict
  // Written before the row says so; if anything stops between the two, one of the objects has no row and is swept.
  const fresh = replacement && (await writeObject(store.disk, store.folder, collectiviteId, [replacement.bytes]))
  const isDone = await inTenant(db, collectiviteId, async tx => {
    const done = await sql`update fichier set etat = 'disponible', antivirus = ${antivirus}, verifie_le = ${store.clock.now()}
      where collectivite_id = ${collectiviteId} and id = ${fichierId} and etat = 'recu'`.execute(tx)
    if (done.numAffectedRows !== 1n) return false
    if (fresh && replacement) {
      const rule = kinds[replacement.kind]
      const digest = createHash('sha256').update(replacement.bytes).digest()
      await sql`update fichier set objet_id = ${fresh.objectId}, cle = ${await sealFileKey(store, tx, collectiviteId, fresh)},
        nom = ${withExtension(name, rule.extensions[0] ?? replacement.kind)}, type = ${rule.type}, taille_octets = ${replacement.bytes.length},
        empreinte = ${digest} where collectivite_id = ${collectiviteId} and id = ${fichierId}`.execute(tx)
    }
    return true
  })
  const useless = isDone ? fresh && object : fresh
  if (useless) await removeObject(store.folder, collectiviteId, useless.objectId)
  return isDone ? ('disponible' as const) : stateOf(db, address)
}

// Another worker decided first, or the file was destroyed meanwhile: its word stands.
async function stateOf(db: Database, address: FileAddress): Promise<'disponible' | 'refuse' | undefined> {
  const row = await inTenant(db, address.collectiviteId, tx => readRow(tx, address))
  return row && row.etat !== 'recu' ? row.etat : undefined
}
