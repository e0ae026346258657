import { sql } from 'kysely'
import type { Clock } from '../../../platform/clock.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import { type Database, inScope, type Tx } from '../../../platform/db/open.ts'
import type { Modele } from '../demarche.ts'
import { estDuSocle } from '../socle.ts'
import { type Adoption, adopter } from './adopter.ts'
import { garderDefinition } from './garder-definition.ts'

/**
 * Publishes the templates shipped with the program, under the owner's role, and gives those of the common ground to every open collectivité
 * that does not have them yet; the others are adopted by those who want them, or given at once to those of `toutPour` (a demonstration). Doing it again changes nothing. Throws when a template changed
 * without a new version: a published one is immutable.
 */
export async function publierCatalogue(
  owner: Database,
  clock: Clock,
  options: { onProgress?: (done: number, total: number) => void; toutPour?: readonly string[] } = {},
): Promise<number> {
  const { modeles } = await import('../catalogue.ts')
  return inScope(owner, {}, async tx => {
    await sql`set local statement_timeout = '120s'`.execute(tx)
    const prints = new Map<string, string>()
    for (const modele of modeles) prints.set(modele.id, await publier(tx, clock, modele))
    const lacking = await manquantes(tx, modeles, options.toutPour ?? [])
    const adoptions = lacking.map(({ collectiviteId, modeleId }): Adoption => {
      const { version } = modeles.find(({ id }) => id === modeleId)!
      return { collectiviteId, modeleId, version, empreinte: prints.get(modeleId)! }
    })
    await adopter(tx, clock, adoptions, { onProgress: options.onProgress })
    if (adoptions.length > 0) await announceChange(tx, '*')
    return adoptions.length
  })
}

/** What is still to be given: read where adoptions are told, so that starting again on 35,000 communes writes nothing. */
async function manquantes(
  tx: Tx,
  modeles: readonly Modele[],
  toutPour: readonly string[],
): Promise<{ collectiviteId: string; modeleId: string }[]> {
  const offers = modeles.map(modele => ({
    id: modele.id,
    natures: ['commune', 'epci'].filter(nature => estDuSocle(modele, nature)),
  }))
  const { rows } = await sql<{ collectiviteId: string; modeleId: string }>`
    select c.id as "collectiviteId", m.id as "modeleId"
    from collectivite c cross join jsonb_to_recordset(${JSON.stringify(offers)}::jsonb) as m (id text, natures text[])
    where c.fermee_le is null and (c.nature = any (m.natures) or c.id = any (${[...toutPour]}::uuid[]))
      and not exists (select from adoption a where a.adoptant_id = c.id and a.demarche_id = m.id)`.execute(tx)
  return rows
}

async function publier(tx: Tx, clock: Clock, modele: Modele): Promise<string> {
  const empreinte = await garderDefinition(tx, modele)
  const { rows } = await sql<{
    empreinte: string
  }>`select empreinte from modele_demarche where id = ${modele.id} and version = ${modele.version}`.execute(tx)
  if (rows[0]?.empreinte === empreinte) return empreinte
  if (rows[0]) throw new Error(`Le modèle ${modele.id} a changé sans changer de version (${modele.version}).`)
  await sql`insert into modele_demarche (id, version, empreinte, lignee, publie_le)
    values (${modele.id}, ${modele.version}, ${empreinte}, ${modele.id}, ${clock.now()})`.execute(tx)
  return empreinte
}
