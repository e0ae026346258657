import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { readInTenant, type Tx } from '../../../platform/db/open.ts'
import { type Modele, schemaModele } from '../demarche.ts'

/** A démarche as a collectivité offers it: the template in the version adopted, and its own settings. */
export interface Demarche {
  readonly id: string
  readonly modele: Modele
  readonly parametres: Readonly<Record<string, unknown>>
  readonly estOuverte: boolean
}

const known = new Map<string, Promise<Modele>>()

/** A published template; kept for ever, since a published version never changes. Throws when it does not exist. */
export function modelePublie(app: App, tx: Tx, id: string, version: number): Promise<Modele> {
  const key = `${app.origin}|${id}|${version}`
  let modele = known.get(key)
  if (!modele) {
    modele = sql<{ definition: unknown }>`select definition from modele_demarche where id = ${id} and version = ${version}`
      .execute(tx)
      .then(({ rows }) => {
        if (!rows[0]) throw new Error(`modèle ${id} version ${version} unknown`)
        return schemaModele.parse(rows[0].definition)
      })
    modele.catch(() => known.delete(key))
    known.set(key, modele)
  }
  return modele
}

interface Row {
  id: string
  modele_id: string
  modele_version: number
  parametres: Record<string, unknown>
  est_ouverte: boolean
}

const COLUMNS = sql.raw('id, modele_id, modele_version, parametres, est_ouverte')

const complete = async (app: App, tx: Tx, row: Row): Promise<Demarche> => ({
  id: row.id,
  modele: await modelePublie(app, tx, row.modele_id, row.modele_version),
  parametres: row.parametres,
  estOuverte: row.est_ouverte,
})

/** The démarches that a collectivité offers now, by title. */
export async function demarchesOuvertes(app: App, tx: Tx, collectiviteId: string): Promise<Demarche[]> {
  const { rows } = await sql<Row>`select ${COLUMNS} from demarche where collectivite_id = ${collectiviteId} and est_ouverte`.execute(tx)
  const found: Demarche[] = []
  for (const row of rows) found.push(await complete(app, tx, row))
  return found.sort((a, b) => a.modele.titre.localeCompare(b.modele.titre, 'fr'))
}

/** One démarche of a collectivité, open or not; undefined when it does not have it. */
export async function demarche(app: App, tx: Tx, collectiviteId: string, id: string): Promise<Demarche | undefined> {
  if (!/^[a-z0-9-]{1,60}$/.test(id)) return undefined
  const { rows } = await sql<Row>`select ${COLUMNS} from demarche where collectivite_id = ${collectiviteId} and id = ${id}`.execute(tx)
  return rows[0] ? complete(app, tx, rows[0]) : undefined
}

/** One démarche of a collectivité in one reading, for the pages that anybody opens first. */
export async function lireDemarche(app: App, collectiviteId: string, id: string): Promise<Demarche | undefined> {
  if (!/^[a-z0-9-]{1,60}$/.test(id)) return undefined
  const rows = await readInTenant(
    app.db,
    collectiviteId,
    sql<Row>`select ${COLUMNS} from demarche where collectivite_id = ${collectiviteId} and id = ${id}`,
  )
  return rows[0] ? complete(app, app.db.kysely, rows[0]) : undefined
}
