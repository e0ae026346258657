import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { type Connection, clientConfig, type Tx } from '../db/open.ts'
import type { Secrets } from '../secrets.ts'
import { BackupError, saidOfDisk } from './error.ts'
import { copyClient, transactionOf } from './tables.ts'

/** How long what was erased is remembered, in days: no backup is to be kept longer. */
export const KEPT_DAYS = 400
const DAY_MS = 86_400_000
const PURPOSE = 'registre des effacements'
const BATCH = 1000

/** One thing erased. `reste` is what the module that owns it keeps of it (the tombstone of a dossier). */
export interface Erased {
  readonly nature: 'dossier' | 'fichier' | 'envoi' | 'compte'
  /** Absent for an account, which is the territory's. */
  readonly collectivite?: string
  readonly id: string
  readonly le: string
  readonly reste?: unknown
}

/** What a register covers. */
export interface RegisterHead {
  readonly registre: 'effacements'
  readonly format: 1
  readonly depuis: string
  readonly jusqua: string
}

/** Asks the module that owns dossiers what it keeps of those it erased in a collectivité: number → what is kept. */
export type Remains = (tx: Tx, collectivite: string) => Promise<ReadonlyMap<string, unknown>>

/**
 * Writes the register of erasures: one JSON a line, numbers only, signed by the installation's secret so that nobody makes a restore erase what was not.
 * It replaces the register of the same name, whole. Gives how many lines it has.
 */
export async function exportErasures(connection: Connection, secrets: Secrets, path: string, remains: Remains): Promise<number> {
  const client = await copyClient(clientConfig(connection))
  const hash = createHash('sha256')
  let lines = 0
  try {
    await client.query('begin isolation level repeatable read read only')
    const { rows: instants } = await client.query<{ le: Date }>('select now() as le')
    const now = instants[0]!.le
    const handle = await open(`${path}.partiel`, 'w', 0o600)
    try {
      const write = async (value: unknown) => {
        const line = `${JSON.stringify(value)}\n`
        hash.update(line)
        await handle.writeFile(line)
      }
      const head: RegisterHead = {
        registre: 'effacements',
        format: 1,
        depuis: new Date(now.getTime() - KEPT_DAYS * DAY_MS).toISOString(),
        jusqua: now.toISOString(),
      }
      await write(head)
      const { rows: collectivites } = await client.query<{ id: string }>('select id from collectivite order by id')
      for (const { id } of collectivites) {
        await client.query(`set local parvis.collectivite = '${id}'`)
        const { rows } = await client.query(
          'select nature, objet_id as id, le from effacement where collectivite_id = $1 order by le, objet_id',
          [id],
        )
        const kept = await remains(transactionOf(client), id)
        for (const row of rows) {
          const reste = row.nature === 'dossier' ? kept.get(row.id) : undefined
          await write({ nature: row.nature, collectivite: id, id: row.id, le: row.le, ...(reste === undefined ? {} : { reste }) })
          lines++
        }
      }
      const { rows: comptes } = await client.query('select usager_id as id, le from compte_efface order by le, usager_id')
      for (const { id, le } of comptes) await write({ nature: 'compte', id, le })
      lines += comptes.length
      await handle.writeFile(`${JSON.stringify({ fin: lines, signature: secrets.sign(PURPOSE, hash.digest('hex')) })}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(`${path}.partiel`, path)
    return lines
  } catch (error) {
    throw saidOfDisk(error, path)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Reads the head of a register. Refuses a file that is none, and one that does not cover what was erased since a backup. */
export async function checkRegister(path: string, backupMadeAt: string): Promise<void> {
  if (!existsSync(path)) throw new BackupError(`Le registre des effacements ${path} n’existe pas.`)
  let head: RegisterHead | undefined
  for await (const line of linesOf(path)) {
    head = parsed<RegisterHead>(line)
    break
  }
  if (head?.registre !== 'effacements' || head.format !== 1) throw new BackupError(`${path} n’est pas un registre des effacements.`)
  if (head.jusqua < backupMadeAt) {
    throw new BackupError(
      `Ce registre des effacements s’arrête avant la sauvegarde : il ne dit pas ce qui a été effacé depuis. Donnez le plus récent (« bin/parvis sauvegarde effacements »).`,
    )
  }
  if (head.depuis > backupMadeAt) {
    throw new BackupError(
      `Cette sauvegarde a plus de ${KEPT_DAYS} jours : ce qui a été effacé depuis n’est plus connu. Elle ne se restaure pas.`,
    )
  }
}

/** The lines of a register, a thousand at a time, once its signature has been verified. Throws BackupError when it was altered or cut. */
export async function* readRegister(path: string, secrets: Secrets): AsyncGenerator<Erased[]> {
  await verify(path, secrets)
  let batch: Erased[] = []
  for await (const line of linesOf(path)) {
    const erased = JSON.parse(line) as Erased
    if (!erased.nature) continue
    batch.push(erased)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function verify(path: string, secrets: Secrets): Promise<void> {
  const hash = createHash('sha256')
  let last: string | undefined
  for await (const line of linesOf(path)) {
    if (last !== undefined) hash.update(`${last}\n`)
    last = line
  }
  const { signature = '' } = parsed<{ signature: string }>(last ?? '') ?? {}
  if (!secrets.isSigned(PURPOSE, hash.digest('hex'), signature)) {
    throw new BackupError(
      'Ce registre des effacements est coupé, a été changé, ou vient d’une autre installation. Donnez celui qui accompagne cette sauvegarde.',
    )
  }
}

const linesOf = (path: string) => createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })

function parsed<Value>(line: string): Value | undefined {
  try {
    return JSON.parse(line) as Value
  } catch {
    return undefined
  }
}

/** Remembers erasures told by a register, so that the next one tells them too. */
export async function rememberErasures(tx: Tx, erased: readonly Erased[]): Promise<void> {
  await sql`insert into effacement (collectivite_id, nature, objet_id, le)
    select e.collectivite, e.nature, e.id, e.le from jsonb_to_recordset(${JSON.stringify(erased.filter(one => one.collectivite))}::jsonb)
      as e (collectivite uuid, nature text, id uuid, le timestamptz) on conflict do nothing`.execute(tx)
  await sql`insert into compte_efface (usager_id, le) select e.id, e.le
    from jsonb_to_recordset(${JSON.stringify(erased.filter(one => one.nature === 'compte'))}::jsonb) as e (id uuid, le timestamptz)
    on conflict do nothing`.execute(tx)
}

/** Notes accounts erased, in the transaction that erases them: theirs is the one table whose erasures no trigger notes (docs/adr/0029). */
export async function noteErasedAccounts(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await sql`insert into compte_efface (usager_id, le) select id, ${now}::timestamptz from unnest(${[...ids]}::uuid[]) as e (id) on conflict do nothing`.execute(
    tx,
  )
}

/** Forgets what was erased so long ago that no backup knows it any more. For one collectivité, then once for accounts (`undefined`). */
export async function forgetErasures(tx: Tx, collectivite: string | undefined, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_DAYS * DAY_MS)
  if (collectivite === undefined) await sql`delete from compte_efface where le < ${before}`.execute(tx)
  else await sql`delete from effacement where collectivite_id = ${collectivite} and le < ${before}`.execute(tx)
}
