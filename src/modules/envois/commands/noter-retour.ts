import { sql } from 'kysely'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/open.ts'
import { inEachTenant } from '../../../platform/db/tenants.ts'
import { lireRetour, RETOUR_MAX_BYTES, raisonDuRetour } from '../retour.ts'

/** What was done of a message that came back. */
export type EffetDuRetour = 'note' | 'deja_note' | 'en_cours' | 'etranger' | 'trop_long'

/**
 * Marks as refused, with its reason in French, the sending that a delivery status notification is about: once, wherever it is. A notification about no
 * sending of ours, whoever wrote it, changes nothing. Only who received a message knows its id (62 random bits).
 */
export async function noterRetour(db: Database, clock: Clock, domain: string, bytes: Uint8Array): Promise<EffetDuRetour> {
  if (bytes.length > RETOUR_MAX_BYTES) return 'trop_long'
  const retour = await lireRetour(bytes, domain)
  if (!retour) return 'etranger'
  let effet: EffetDuRetour = 'etranger'
  await inEachTenant(db, async (tx, collectiviteId) => {
    if (effet !== 'etranger') return
    const { rows } = await sql<{ etat: string }>`select etat from envoi
      where collectivite_id = ${collectiviteId} and id = ${retour.envoiId} for update`.execute(tx)
    if (!rows[0]) return
    if (retour.action !== 'failed') effet = 'en_cours'
    else if (rows[0].etat === 'refuse') effet = 'deja_note'
    else {
      effet = 'note'
      await sql`update envoi set etat = 'refuse', erreur = ${raisonDuRetour(retour.statut)}
        where collectivite_id = ${collectiviteId} and id = ${retour.envoiId}`.execute(tx)
      const entry = { acteur: 'systeme', action: 'envoi.revenir', objet: `envoi:${retour.envoiId}`, empreinte: payloadHash(retour) }
      await record(tx, collectiviteId, clock.now(), entry)
    }
  })
  return effet
}
