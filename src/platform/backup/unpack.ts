import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BackupError, saidOfDisk } from './error.ts'
import { type Preamble, readFrames, type Totals } from './frames.ts'
import type { Opener } from './locks.ts'
import { readSealed } from './sealed.ts'

/**
 * Lays what a collectivité takes with it in a new folder: tables in CSV, files as they were given, and manifeste.jsonl (one line a part: bytes, rows,
 * SHA-256). Refuses (BackupError) a folder that holds something, the backup of a whole territory (it is restored), and what readFrames refuses.
 */
export async function unpack(path: string, opener: Opener, folder: string): Promise<{ preamble: Preamble; totals: Totals }> {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new BackupError(`Le dossier ${folder} n’est pas vide. Choisissez-en un autre.`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const manifest = await open(join(folder, 'manifeste.jsonl'), 'wx', 0o600)
  try {
    return await readFrames(
      readSealed(path, opener),
      async preamble => {
        if (preamble.nature !== 'commune')
          throw new BackupError(
            'Cette sauvegarde est celle d’un territoire entier : elle se restaure (« bin/parvis sauvegarde restaurer »), elle ne s’ouvre pas.',
          )
        await manifest.writeFile(`${JSON.stringify(preamble)}\n`)
      },
      async ({ name, bytes, end }) => {
        if (!/^[a-z0-9_]+(\/[a-z0-9_.-]+)*(\.[a-z0-9]+)?$/.test(name.nom) || name.nom.includes('..'))
          throw new BackupError(`« ${name.nom} » n’est pas un nom de cette sauvegarde.`)
        const to = join(folder, name.nom)
        mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
        const handle = await open(to, 'wx', 0o600)
        try {
          for await (const chunk of bytes) await handle.writeFile(chunk)
        } finally {
          await handle.close()
        }
        await manifest.writeFile(`${JSON.stringify({ nom: name.nom, ...end() })}\n`)
      },
    )
  } catch (error) {
    throw saidOfDisk(error, folder)
  } finally {
    await manifest.close()
  }
}
