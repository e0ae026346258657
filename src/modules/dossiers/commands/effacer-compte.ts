import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { noteErasedAccounts } from '../../../platform/backup/erasures.ts'
import { inScope, inTenant } from '../../../platform/db/open.ts'
import { placesDe } from '../queries/places.ts'

/**
 * Erases the account of a person: their address, their sessions, and what tied their dossiers to it. The dossiers stay with the collectivités
 * that received them, open to whoever has their code; drafts end by themselves. Gives false when there is no such account any more.
 */
export async function effacerCompte(app: App, usagerId: string, par: 'usager' | 'systeme'): Promise<boolean> {
  const now = app.clock.now()
  for (const collectiviteId of new Set((await placesDe(app, usagerId)).map(place => place.collectiviteId))) {
    await inTenant(app.db, collectiviteId, async tx => {
      await sql`update dossier d set usager_id = null from dossier_usager u where d.collectivite_id = ${collectiviteId} and u.collectivite_id = ${collectiviteId}
        and u.usager_id = ${usagerId} and d.id = u.dossier_id and d.usager_id = ${usagerId}`.execute(tx)
      await sql`delete from dossier_usager where collectivite_id = ${collectiviteId} and usager_id = ${usagerId}`.execute(tx)
      await record(tx, collectiviteId, now, {
        acteur: par === 'usager' ? `usager:${usagerId}` : 'systeme',
        action: 'compte.effacer',
        objet: `usager:${usagerId}`,
        empreinte: payloadHash({}),
      })
    })
  }
  return inScope(app.db, {}, async tx => {
    await sql`delete from session where personne_id = ${usagerId} and nature = 'usager'`.execute(tx)
    const { rows } = await sql<{ courriel: string }>`delete from usager where id = ${usagerId} returning courriel`.execute(tx)
    if (!rows[0]) return false
    await noteErasedAccounts(tx, [usagerId], now)
    await sql`delete from lien_connexion where courriel = ${rows[0].courriel}`.execute(tx)
    return true
  })
}
