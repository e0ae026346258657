import { sql } from 'kysely'
import type { Clock } from '../../../platform/clock.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import { type Database, inScope, type Tx } from '../../../platform/db/open.ts'
import { modeles } from '../catalogue.ts'
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
  return inScope(owner, {}, async tx => {
    await sql`set local statement_timeout = '120s'`.execute(tx)
    const prints = new Map<string, string>()
    for (const modele of modeles) prints.set(modele.id, await publier(tx, clock, modele))
    const { rows } = await sql<{ id: string; nature: string }>`select id, nature from collectivite where fermee_le is null`.execute(tx)
    const adoptions = rows.flatMap(collectivite => {
      const all = options.toutPour?.includes(collectivite.id)
      return modeles
        .filter(modele => all || estDuSocle(modele, collectivite.nature))
        .map((modele): Adoption => {
          return { collectiviteId: collectivite.id, modeleId: modele.id, version: modele.version, empreinte: prints.get(modele.id)! }
        })
    })
    await adopter(tx, clock, adoptions, { onProgress: options.onProgress })
    await announceChange(tx, '*')
    return rows.length
  })
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
