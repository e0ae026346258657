import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Clock } from '../../../platform/clock.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import { type Database, inScope, type Tx } from '../../../platform/db/open.ts'
import { isUuid } from '../../../platform/ids.ts'
import { modeles } from '../catalogue.ts'

// What an intercommunalité offers beside its communes; a commune offers everything.
const MODELES_EPCI = ['occupation-domaine-public']
const BATCH = 500

/**
 * Publishes the templates shipped with the program, under the owner's role, and gives those that are new to every open collectivité that does
 * not have them yet. Doing it again changes nothing. Throws when a template changed without a new version: a published one is immutable.
 */
export async function publierCatalogue(owner: Database, clock: Clock, onProgress?: (done: number, total: number) => void): Promise<number> {
  return inScope(owner, {}, async tx => {
    await sql`set local statement_timeout = '120s'`.execute(tx)
    for (const modele of modeles) await publier(tx, clock, modele)
    const lacking = await sql<{ id: string; nature: string }>`select id, nature from collectivite where fermee_le is null`.execute(tx)
    await adopter(tx, clock, lacking.rows, onProgress)
    await announceChange(tx, '*')
    return lacking.rows.length
  })
}

async function publier(tx: Tx, clock: Clock, modele: (typeof modeles)[number]): Promise<void> {
  const definition = JSON.stringify(modele)
  const print = createHash('sha256').update(definition).digest('hex')
  const { rows } = await sql<{
    empreinte: string
  }>`select empreinte from modele_demarche where id = ${modele.id} and version = ${modele.version}`.execute(tx)
  if (rows[0]?.empreinte === print) return
  if (rows[0]) throw new Error(`Le modèle ${modele.id} a changé sans changer de version (${modele.version}).`)
  await sql`insert into modele_demarche (id, version, empreinte, definition, publie_le)
    values (${modele.id}, ${modele.version}, ${print}, ${definition}::jsonb, ${clock.now()})`.execute(tx)
}

// Row security holds for the owner too: each collectivité's rows are written with its own setting, many statements a round trip.
async function adopter(
  tx: Tx,
  clock: Clock,
  collectivites: readonly { id: string; nature: string }[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const at = clock.now().toISOString()
  for (let start = 0; start < collectivites.length; start += BATCH) {
    const statements = collectivites.slice(start, start + BATCH).map(({ id, nature }) => {
      if (!isUuid(id)) throw new TypeError('collectivité: not a UUID')
      const offered = modeles.filter(m => nature === 'commune' || MODELES_EPCI.includes(m.id))
      const values = offered.map(m => `('${id}', '${m.id}', '${m.id}', ${m.version}, '${at}')`).join(', ')
      return `set local parvis.collectivite = '${id}'; insert into demarche (collectivite_id, id, modele_id, modele_version, modifiee_le) values ${values} on conflict do nothing;`
    })
    await sql.raw(statements.join('\n')).execute(tx)
    onProgress?.(Math.min(start + BATCH, collectivites.length), collectivites.length)
  }
}
