import { copyFile, link, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '../ids.ts'

const PLACE = '.sauvegarde'
const CLOSED = '.finie'

/** Where the files that go while a backup reads are kept for it. */
export interface Aside {
  path(objectId: string): string
  close(): Promise<void>
}

/**
 * Opens a place where files removed from now on are kept until it is closed: what a backup's picture of the database still knows. To be opened
 * before the picture is taken: bytes are always removed after the commit that forgets them. What a backup cut short had left there goes first.
 */
export async function openAside(folder: string): Promise<Aside> {
  const place = join(folder, PLACE)
  await mkdir(place, { recursive: true, mode: 0o700 })
  for (const name of await readdir(place))
    if (!isRunning(Number(name.split('-')[0]))) await rm(join(place, name), { recursive: true, force: true })
  const mine = join(place, `${process.pid}-${newId()}`)
  await mkdir(mine, { recursive: true, mode: 0o700 })
  return {
    path: objectId => join(mine, objectId),
    async close() {
      // Under another name first: nothing enters while it is being emptied.
      await rename(mine, mine + CLOSED)
      await rm(mine + CLOSED, { recursive: true, force: true })
      await rmdir(place).catch(() => {}) // another backup is in it
    },
  }
}

/** Keeps a file that is about to be removed for each backup that is reading: a second name for it (a copy on a disk without hard links). */
export async function keepAside(folder: string, from: string, objectId: string): Promise<void> {
  const places = await readdir(join(folder, PLACE)).catch(() => [])
  for (const name of places.filter(one => !one.endsWith(CLOSED))) {
    const to = join(folder, PLACE, name, objectId)
    await link(from, to).catch((error: NodeJS.ErrnoException) => {
      // Gone already, or the backup has just ended.
      if (error.code !== 'ENOENT' && error.code !== 'EEXIST') return copyFile(from, to)
    })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
