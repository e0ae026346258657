import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Database, inTenant } from '../db/open.ts'
import { isUuid } from '../ids.ts'
import { removeObject } from './disk.ts'
import type { FileStore } from './store.ts'

const dayMs = 86_400_000

export interface Sweep {
  readonly removedFiles: number
  /** Collectivités whose folder was left alone because most of it looked unknown: the database may be another, or an old copy. A person must look. */
  readonly suspectCollectivites: readonly string[]
}

/**
 * Removes from the disk what no row knows and is more than a day old: receptions cut short, drafts given up, files whose key was destroyed.
 * The day leaves time for a form that is being filled in. A folder that would lose more than half of over 50 whole files is left alone and named; what was
 * never received whole is not of that number.
 */
export async function sweepOrphans(store: FileStore, db: Database): Promise<Sweep> {
  let removedFiles = 0
  const suspectCollectivites: string[] = []
  for (const collectiviteId of (await readdir(store.folder)).filter(isUuid)) {
    const folder = join(store.folder, collectiviteId)
    const old = await oldFiles(folder, store.clock.now().getTime() - dayMs)
    const known = await knownObjects(db, collectiviteId, old)
    const orphans = old.filter(name => !known.has(name))
    const [whole, lost] = [old.filter(isUuid).length, orphans.filter(isUuid).length]
    if (whole > 50 && lost > whole / 2) {
      suspectCollectivites.push(collectiviteId)
      continue
    }
    for (const name of orphans) {
      if (isUuid(name)) await removeObject(store.folder, collectiviteId, name)
      else await rm(join(folder, name), { force: true })
    }
    removedFiles += orphans.length
  }
  return { removedFiles, suspectCollectivites }
}

async function oldFiles(folder: string, beforeMs: number): Promise<string[]> {
  const old: string[] = []
  for (const name of await readdir(folder)) {
    if (!isUuid(name.replace(/\.partiel$/, ''))) continue
    const modifiedMs = (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs
    if (modifiedMs !== undefined && modifiedMs < beforeMs) old.push(name)
  }
  return old
}

async function knownObjects(db: Database, collectiviteId: string, names: string[]): Promise<Set<string>> {
  const ids = names.filter(isUuid)
  if (ids.length === 0) return new Set()
  const { rows } = await inTenant(db, collectiviteId, tx =>
    sql<{
      objet_id: string
    }>`select objet_id from fichier where collectivite_id = ${collectiviteId} and objet_id = any(${ids}::uuid[])`.execute(tx),
  )
  return new Set(rows.map(row => row.objet_id))
}
