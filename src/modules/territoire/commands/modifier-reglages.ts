import { sql } from 'kysely'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import type { Tx } from '../../../platform/db/open.ts'
import type { Collectivite, Reglage } from '../collectivite.ts'

/**
 * Writes the settings of a collectivité, checked before, and notes it in the journal. What an agent wrote wins over the national directory
 * from then on (source « agent »). The settings of an EPCI are shown on its communes' pages: all pages are then announced as changed.
 */
export async function modifierReglages(
  tx: Tx,
  now: Date,
  collectivite: Pick<Collectivite, 'id' | 'nature'>,
  agentId: string,
  reglage: Reglage,
): Promise<void> {
  const { adresse, codePostal, ville, telephone, courriel, horaires, site, couleur, logo } = reglage
  await sql`insert into reglage (collectivite_id, adresse, code_postal, ville, telephone, courriel, horaires, site, couleur, logo, source, modifie_le)
    values (${collectivite.id}, ${adresse}, ${codePostal}, ${ville}, ${telephone}, ${courriel}, ${horaires}, ${site}, ${couleur}, ${logo}, 'agent', ${now})
    on conflict (collectivite_id) do update set adresse = excluded.adresse, code_postal = excluded.code_postal, ville = excluded.ville,
      telephone = excluded.telephone, courriel = excluded.courriel, horaires = excluded.horaires, site = excluded.site, couleur = excluded.couleur,
      logo = excluded.logo, source = 'agent', modifie_le = excluded.modifie_le`.execute(tx)
  await record(tx, collectivite.id, now, {
    acteur: `agent:${agentId}`,
    action: 'reglages.modifier',
    objet: 'reglage',
    empreinte: payloadHash({ ...reglage, logo: logo?.toString('base64') ?? null }),
  })
  await announceChange(tx, collectivite.nature === 'epci' ? '*' : collectivite.id)
}
