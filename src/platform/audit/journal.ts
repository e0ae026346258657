import { createHash, hash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
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
  await recordPlaced(tx, collectiviteId, now, entry)
}

/** The same; gives its place in the chain. */
export async function recordPlaced(tx: Tx, collectiviteId: string, now: Date, entry: JournalEntry): Promise<number> {
  const { rows } = await sql<{
    rang: number
  }>`select journaliser(${collectiviteId}, ${now}, ${entry.acteur}, ${entry.action}, ${entry.objet}, ${entry.empreinte}) as rang`.execute(
    tx,
  )
  return rows[0]!.rang
}

/** The hash of a payload, as the journal keeps it: what was done can be proved to whoever shows it, and is not in the journal. */
export const payloadHash = (payload: unknown): string => createHash('sha256').update(JSON.stringify(payload)).digest('hex')

/** What a verification found. */
export type Verification =
  | { readonly isIntact: true; readonly entries: number; readonly head: string }
  | { readonly isIntact: false; readonly entries: number; readonly firstAlteredRang: number; readonly reason: string }

/** An entry as it is hashed: its place, its text and the hash that it carries. */
interface Row {
  rang: number
  texte: string
  chaine: string
}

const PAGE = 5000
// How many are hashed in one turn of the loop: about a millisecond.
const TURN = 500
const HASH_BYTES = 32

// The text is made where the rows are, in one column: reading dates and writing them again costs more than the hash.
const page = (tx: Tx, collectiviteId: string, from: number) =>
  sql<Row>`select rang, concat_ws(E'\n', collectivite_id, rang, to_char(le at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), acteur, action, objet, empreinte) as texte,
    encode(chaine, 'hex') as chaine
    from journal where collectivite_id = ${collectiviteId} and rang >= ${from} and rang < ${from + PAGE} order by rang`.execute(tx)

/**
 * Computes the whole chain of a collectivité again. Names the first entry that was altered, removed or added, and tells a chain
 * shorter than its head (entries removed at the end).
 */
export async function verifyJournal(db: Database, collectiviteId: string): Promise<Verification> {
  let previous = ''
  let expected = 1
  let scratch = Buffer.alloc(4096)
  return inTenant(db, collectiviteId, async tx => {
    for (let next = page(tx, collectiviteId, 1); ; ) {
      const { rows } = await next
      if (rows.length === 0) break
      // Asked for before the hashing: the server reads the next page meanwhile.
      next = page(tx, collectiviteId, expected + rows.length)
      next.catch(() => {})
      for (const { rang, texte, chaine } of rows) {
        // The next page is asked for, and comes in, between turns only: without them the server waited for the hashing, then the hashing for it.
        if (expected % TURN === 1) await turn()
        if (rang !== expected) return altered(expected, 'elle manque')
        if (texte.length * 3 > scratch.length - HASH_BYTES) scratch = Buffer.alloc(texte.length * 4 + HASH_BYTES)
        const start = scratch.write(previous, 0, 'hex')
        const found = hash('sha256', scratch.subarray(0, start + scratch.write(texte, start)), 'hex')
        if (found !== chaine) return altered(rang, 'son contenu ne correspond pas à son empreinte')
        previous = found
        expected++
      }
    }
    const head = await sql<{
      rang: number
      chaine: Buffer
    }>`select rang, chaine from journal_tete where collectivite_id = ${collectiviteId}`.execute(tx)
    const tip = head.rows[0]
    if (tip && (tip.rang !== expected - 1 || tip.chaine.toString('hex') !== previous))
      return altered(expected, 'la fin de la chaîne manque')
    if (!tip && expected > 1) return altered(expected, 'la tête de la chaîne manque')
    return { isIntact: true as const, entries: expected - 1, head: previous }
  })

  function altered(rang: number, reason: string): Verification {
    return { isIntact: false, entries: expected - 1, firstAlteredRang: rang, reason }
  }
}
