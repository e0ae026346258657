import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
const ROOM_BYTES = 6 * 1024 ** 3

/**
 * Has what the tests write go in memory when there is room: on a disk, a third of the time goes to creating the empty files of databases, which
 * is not what they test. Removed with the process; what a run that was killed left there is removed by the next.
 */
export function writeInMemory() {
  if (!existsSync(memory)) return
  for (const name of readdirSync(memory))
    if (/^parvis-essais-\d+$/.test(name) && isDead(Number(name.slice(14)))) rmSync(join(memory, name), { recursive: true, force: true })
  const { bavail, bsize } = statfsSync(memory)
  if (bavail * bsize < ROOM_BYTES || freemem() < ROOM_BYTES) return
  const folder = join(memory, `parvis-essais-${process.pid}`)
  mkdirSync(folder, { mode: 0o755 })
  process.env.TMPDIR = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
}

function isDead(pid) {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
