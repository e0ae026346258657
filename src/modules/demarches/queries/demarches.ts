import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { readInTenant, type Tx } from '../../../platform/db/open.ts'
import { type Modele, schemaModele } from '../demarche.ts'

/** A démarche as a collectivité offers it now: its own definition, in its last published revision. */
export interface Demarche {
  readonly id: string
  readonly modele: Modele
  /** Fingerprint of the definition. */
  readonly definition: string
  /** 0: never published. */
  readonly revision: number
  readonly estOuverte: boolean
  /** The template of the catalogue that it comes from; null for one of its own. */
  readonly origine: { readonly id: string; readonly version: number } | null
}

// A definition never changes, so it is kept; no more than what a busy process reads in an hour, each a few tens of kB.
const KEPT = 600
const known = new Map<string, Promise<Modele>>()

/** The definition of a fingerprint, kept once read. Throws when it does not exist. */
export function modelePublie(tx: Tx, empreinte: string): Promise<Modele> {
  const kept = known.get(empreinte)
  if (kept) {
    known.delete(empreinte)
    known.set(empreinte, kept)
    return kept
  }
  const modele = sql<{ definition: unknown }>`select definition from definition_demarche where empreinte = ${empreinte}`
    .execute(tx)
    .then(({ rows }) => {
      if (!rows[0]) throw new Error(`definition ${empreinte} unknown`)
      return schemaModele.parse(rows[0].definition)
    })
  modele.catch(() => known.delete(empreinte))
  known.set(empreinte, modele)
  for (const oldest of known.keys()) {
    if (known.size <= KEPT) break
    known.delete(oldest)
  }
  return modele
}

interface Row {
  id: string
  empreinte: string
  revision: number
  est_ouverte: boolean
  modele_id: string | null
  modele_version: number | null
}

const COLUMNS = sql.raw('id, empreinte, revision, est_ouverte, modele_id, modele_version')

const complete = async (tx: Tx, row: Row): Promise<Demarche> => ({
  id: row.id,
  modele: await modelePublie(tx, row.empreinte),
  definition: row.empreinte,
  revision: row.revision,
  estOuverte: row.est_ouverte,
  origine: row.modele_id !== null && row.modele_version !== null ? { id: row.modele_id, version: row.modele_version } : null,
})

const byTitle = (a: Demarche, b: Demarche) => a.modele.titre.localeCompare(b.modele.titre, 'fr')

/** The démarches that a collectivité offers now, by title. */
export async function demarchesOuvertes(tx: Tx, collectiviteId: string): Promise<Demarche[]> {
  return (await demarchesDe(tx, collectiviteId)).filter(({ estOuverte }) => estOuverte)
}

/** Every démarche of a collectivité, offered now or not, by title. */
export async function demarchesDe(tx: Tx, collectiviteId: string): Promise<Demarche[]> {
  const { rows } = await sql<Row>`select ${COLUMNS} from demarche where collectivite_id = ${collectiviteId}`.execute(tx)
  const found: Demarche[] = []
  for (const row of rows) found.push(await complete(tx, row))
  return found.sort(byTitle)
}

/** One démarche of a collectivité, open or not; undefined when it does not have it. */
export async function demarche(tx: Tx, collectiviteId: string, id: string): Promise<Demarche | undefined> {
  if (!/^[a-z0-9-]{1,60}$/.test(id)) return undefined
  const { rows } = await sql<Row>`select ${COLUMNS} from demarche where collectivite_id = ${collectiviteId} and id = ${id}`.execute(tx)
  return rows[0] ? complete(tx, rows[0]) : undefined
}

/**
 * The same, kept in memory until something of the collectivité changes: for pages read again and again. A change may be seen a moment
 * late, so nothing is decided on it.
 */
export const demarcheConnue = (app: App, tx: Tx, collectiviteId: string, id: string): Promise<Demarche | undefined> =>
  app.cache.remember(
    `demarche|${collectiviteId}|${id}`,
    () => collectiviteId,
    () => demarche(tx, collectiviteId, id),
  )

/** One démarche of a collectivité as residents may know it, in one reading; undefined when it was never published. */
export async function lireDemarche(app: App, collectiviteId: string, id: string): Promise<Demarche | undefined> {
  if (!/^[a-z0-9-]{1,60}$/.test(id)) return undefined
  const rows = await readInTenant(
    app.db,
    collectiviteId,
    sql<Row>`select ${COLUMNS} from demarche where collectivite_id = ${collectiviteId} and id = ${id}`,
  )
  return rows[0] && rows[0].revision > 0 ? complete(app.db.kysely, rows[0]) : undefined
}
