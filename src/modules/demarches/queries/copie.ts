import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { type Modele, schemaModele } from '../demarche.ts'

/** The working copy of a démarche: its definition not yet published, and the rank of the last change made to it. */
export interface Copie {
  readonly modele: Modele
  readonly rang: number
  /** The version of a template against which its differences are counted once published. */
  readonly origine: { readonly id: string; readonly version: number } | null
  readonly modifieeLe: Date
}

/** A change of a working copy, as its history tells it. */
export interface Edition {
  readonly rang: number
  readonly phrase: string
  readonly auteurId: string | null
  readonly le: Date
  /** The rank of the change that this one undoes. */
  readonly annule: number | null
}

/** The working copy of a démarche; undefined when nobody is changing it. `lock` holds it until the end of the transaction. */
export async function copieDe(tx: Tx, collectiviteId: string, demarcheId: string, lock = false): Promise<Copie | undefined> {
  const { rows } = await sql<{
    definition: unknown
    rang: number
    modele_id: string | null
    modele_version: number | null
    modifie_le: Date
  }>`select definition, rang, modele_id, modele_version, modifie_le from brouillon_demarche
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} ${lock ? sql`for update` : sql``}`.execute(tx)
  const row = rows[0]
  return (
    row && {
      modele: schemaModele.parse(row.definition),
      rang: row.rang,
      origine: row.modele_id !== null && row.modele_version !== null ? { id: row.modele_id, version: row.modele_version } : null,
      modifieeLe: row.modifie_le,
    }
  )
}

/** The working copy as it was after a change (0: when it was opened); undefined when that is too old to be kept. */
export async function etatAuRang(tx: Tx, collectiviteId: string, demarcheId: string, rang: number): Promise<Modele | undefined> {
  const { rows } = await sql<{ definition: unknown }>`select definition from edition_demarche
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} and rang = ${rang}`.execute(tx)
  return rows[0] && schemaModele.parse(rows[0].definition)
}

/** The changes of a working copy, the latest first; those made after `depuis` only. 100 at most. */
export async function editionsDe(tx: Tx, collectiviteId: string, demarcheId: string, depuis = 0): Promise<Edition[]> {
  const { rows } = await sql<Edition>`select rang, phrase, auteur_id as "auteurId", le, annule from edition_demarche
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} and rang > ${depuis} order by rang desc limit 100`.execute(tx)
  return rows
}

/** The démarches of a collectivité that are being changed. */
export async function copiesOuvertes(tx: Tx, collectiviteId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`select demarche_id as id from brouillon_demarche
    where collectivite_id = ${collectiviteId} and rang > 0`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}
