import { accessSync, chmodSync, constants, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
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
  for (const name of readdirSync(memory)) {
    const pid = /^parvis-essais-(\d+)/.exec(name)?.[1]
    if (pid && isDead(Number(pid))) remove(join(memory, name))
  }
  const { bavail, bsize } = statfsSync(memory)
  if (bavail * bsize < ROOM_BYTES || freemem() < ROOM_BYTES) return
  const folder = openFolder()
  if (!folder) return
  process.env.TMPDIR = folder
  process.once('exit', () => remove(folder))
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])
    process.once(signal, () => process.exit(code))
}

/** A folder of ours where programs may be run, the browser being unpacked there; nothing when this memory is not for us. */
function openFolder() {
  try {
    const folder = mkdtempSync(join(memory, `parvis-essais-${process.pid}-`))
    try {
      // As root, PostgreSQL runs as another user.
      chmodSync(folder, 0o755)
      const probe = join(folder, 'essai')
      writeFileSync(probe, '', { mode: 0o755 })
      accessSync(probe, constants.X_OK)
      rmSync(probe)
      return folder
    } catch {
      remove(folder)
    }
  } catch {
    // Not ours to write in.
  }
}

// What another user left is theirs to remove.
function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {}
}

function isDead(pid) {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
