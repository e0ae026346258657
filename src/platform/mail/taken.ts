import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isUuid } from '../ids.ts'

const REMEMBERED_MS = 7 * 86_400_000

/**
 * The messages taken by the server and not yet written as such in the database, an empty file each, in `folder`. Written at once and not flushed: it
 * is for a process that is killed, whose writes the system keeps. A disk that refuses it only leaves the message where RFC 1047 leaves everybody's:
 * it may leave twice.
 */
export function takenIn(folder: string) {
  const pathOf = (envoiId: string) => {
    if (!isUuid(envoiId)) throw new TypeError('a message is known by a UUID')
    return join(folder, envoiId)
  }
  const unlessTheDiskRefuses = <T>(act: () => T): T | undefined => {
    try {
      return act()
    } catch {
      return undefined
    }
  }
  return {
    has: (envoiId: string) => unlessTheDiskRefuses(() => statSync(pathOf(envoiId))) !== undefined,
    add: (envoiId: string) =>
      unlessTheDiskRefuses(() => {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeFileSync(pathOf(envoiId), '')
      }),
    delete: (envoiId: string) => unlessTheDiskRefuses(() => rmSync(pathOf(envoiId), { force: true })),
    /** What a killed process left more than a week before `now` is not kept for ever. */
    forgetOld: (now: Date) =>
      unlessTheDiskRefuses(() => {
        for (const name of readdirSync(folder))
          if (statSync(join(folder, name)).mtimeMs < now.getTime() - REMEMBERED_MS) rmSync(join(folder, name), { force: true })
      }),
  }
}
