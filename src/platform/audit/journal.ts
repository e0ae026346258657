import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Database, inTenant, type Tx } from '../db/open.ts'

/** One act. `acteur` is a pseudonymous id (agent:…, usager:…, systeme), `empreinte` the hash of what was done, never its content. */
export interface JournalEntry {
  readonly acteur: string
  readonly action: string
  readonly objet: string
  readonly empreinte: string
}

/** Writes an entry at the end of the collectivité's chain, in the caller's transaction. */
export async function record(tx: Tx, collectiviteId: string, now: Date, entry: JournalEntry): Promise<void> {
  await sql`select journaliser(${collectiviteId}, ${now}, ${entry.acteur}, ${entry.action}, ${entry.objet}, ${entry.empreinte})`.execute(tx)
}

/** The hash of a payload, as the journal keeps it: what was done can be proved to whoever shows it, and is not in the journal. */
export const payloadHash = (payload: unknown): string => createHash('sha256').update(JSON.stringify(payload)).digest('hex')

/** What a verification found. */
export type Verification =
  | { readonly isIntact: true; readonly entries: number; readonly head: string }
  | { readonly isIntact: false; readonly entries: number; readonly firstAlteredRang: number; readonly reason: string }

interface Row {
  rang: number
  le: Date
  acteur: string
  action: string
  objet: string
  empreinte: string
  chaine: Buffer
}

const PAGE = 20_000

/**
 * Computes the whole chain of a collectivité again. Names the first entry that was altered, removed or added, and tells a chain
 * shorter than its head (entries removed at the end).
 */
export async function verifyJournal(db: Database, collectiviteId: string): Promise<Verification> {
  let previous: Buffer = Buffer.alloc(0)
  let expected = 1
  return inTenant(db, collectiviteId, async tx => {
    for (;;) {
      const { rows } = await sql<Row>`select rang, le, acteur, action, objet, empreinte, chaine from journal
        where collectivite_id = ${collectiviteId} and rang >= ${expected} order by rang limit ${PAGE}`.execute(tx)
      for (const row of rows) {
        if (row.rang !== expected) return altered(expected, 'elle manque')
        const text = [collectiviteId, row.rang, row.le.toISOString(), row.acteur, row.action, row.objet, row.empreinte].join('\n')
        const hash = createHash('sha256').update(previous).update(text).digest()
        if (!hash.equals(row.chaine)) return altered(row.rang, 'son contenu ne correspond pas à son empreinte')
        previous = hash
        expected++
      }
      if (rows.length < PAGE) break
    }
    const head = await sql<{
      rang: number
      chaine: Buffer
    }>`select rang, chaine from journal_tete where collectivite_id = ${collectiviteId}`.execute(tx)
    const tip = head.rows[0]
    if (tip && (tip.rang !== expected - 1 || !tip.chaine.equals(previous))) return altered(expected, 'la fin de la chaîne manque')
    if (!tip && expected > 1) return altered(expected, 'la tête de la chaîne manque')
    return { isIntact: true as const, entries: expected - 1, head: previous.toString('hex') }
  })

  function altered(rang: number, reason: string): Verification {
    return { isIntact: false, entries: expected - 1, firstAlteredRang: rang, reason }
  }
}
