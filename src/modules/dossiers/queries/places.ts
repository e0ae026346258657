import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inScope } from '../../../platform/db/open.ts'

/** Where a dossier of a person is. */
export interface PlaceDeDossier {
  readonly collectiviteId: string
  readonly dossierId: string
}

/** The dossiers that a person keeps in « mes dossiers », in all the collectivités, the latest first. */
export const placesDe = (app: App, usagerId: string, limite = 1000): Promise<PlaceDeDossier[]> =>
  inScope(app.db, { personneId: usagerId }, async tx => {
    const { rows } = await sql<PlaceDeDossier>`select collectivite_id as "collectiviteId", dossier_id as "dossierId" from dossier_usager
      where usager_id = ${usagerId} order by ajoute_le desc limit ${limite}`.execute(tx)
    return rows
  })

/** The account of an address; undefined when there is none. */
export const compteDe = async (app: App, courriel: string): Promise<Compte | undefined> => {
  const { rows } =
    await sql<Compte>`select id, courriel, cree_le as "creeLe", vu_le as "vuLe" from usager where courriel = ${courriel.toLowerCase()}`.execute(
      app.db.kysely,
    )
  return rows[0]
}

/** The account of a person by its id. */
export const compteParId = async (app: App, id: string): Promise<Compte | undefined> => {
  const { rows } = await sql<Compte>`select id, courriel, cree_le as "creeLe", vu_le as "vuLe" from usager where id = ${id}`.execute(
    app.db.kysely,
  )
  return rows[0]
}

export interface Compte {
  readonly id: string
  readonly courriel: string
  readonly creeLe: Date
  readonly vuLe: Date
}
