import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inScope, inTenant } from '../../../platform/db/open.ts'
import { type Modele, modelePublie } from '../../demarches/index.ts'
import { dates, type Env, type Reponses } from '../../formulaires/index.ts'
import { type Collectivite, collectiviteParId, fuseau } from '../../territoire/index.ts'
import { identiteReprise } from '../preremplir.ts'

/** What a person said of themselves in an earlier dossier, for the form that they begin. */
export interface Precedent {
  readonly reponses: Reponses
  readonly reference: string
  /** « 3 mars 2026 », where it was filed. */
  readonly le: string
}

// Beyond, the last one is not found sooner: people file in one or two communes.
const COLLECTIVITES = 5

/**
 * The identity given in the last dossier that this person filed, in any collectivité of the territory; undefined when there is none, or when it
 * answers no question of this form.
 */
export async function precedent(app: App, personneId: string, nouveau: Modele, env: Env): Promise<Precedent | undefined> {
  const places = await inScope(app.db, { personneId }, async tx => {
    const { rows } = await sql<{ id: string; dossiers: string[] }>`select collectivite_id as id, array_agg(dossier_id) as dossiers
      from (select collectivite_id, dossier_id, ajoute_le from dossier_usager where usager_id = ${personneId} order by ajoute_le desc limit 40) d
      group by collectivite_id order by max(ajoute_le) desc limit ${COLLECTIVITES}`.execute(tx)
    return rows
  })
  const filed: { collectiviteId: string; definition: string; reponses: Reponses; reference: string; le: Date }[] = []
  for (const place of places) {
    const { rows } = await inTenant(app.db, place.id, tx =>
      sql<{
        definition: string
        reponses: Reponses
        reference: string
        le: Date
      }>`select definition, reponses, reference, depose_le as le from dossier
        where collectivite_id = ${place.id} and id = any(${place.dossiers}::uuid[]) and depose_le is not null order by depose_le desc limit 1`.execute(
        tx,
      ),
    )
    filed.push(...rows.map(row => ({ ...row, collectiviteId: place.id })))
  }
  const last = filed.sort((a, b) => b.le.getTime() - a.le.getTime())[0]
  if (!last) return undefined
  const reponses = identiteReprise(await modelePublie(app.db.kysely, last.definition), nouveau, env, last.reponses)
  if (Object.keys(reponses.champs).length === 0) return undefined
  return { reponses, reference: last.reference, le: jour(last.le, await collectiviteParId(app, last.collectiviteId)) }
}

/** A day of a place, in words: « 3 mars 2026 ». */
export const jour = (instant: Date, collectivite: Pick<Collectivite, 'departement'>): string =>
  dates.longDate(civilDay(instant, fuseau(collectivite)))
