import { sql } from 'kysely'
import type { Clock } from '../../../platform/clock.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import { type Database, inTenant } from '../../../platform/db/open.ts'
import { type FicheAnnuaire, lireFiche } from '../annuaire.ts'

/** What an import did. */
export interface ImportAnnuaire {
  readonly lues: number
  readonly appliquees: number
  /** Collectivités whose settings an agent wrote: theirs win over the directory. */
  readonly gardees: number
  /** Entries of communes that are not open here. */
  readonly ailleurs: number
}

/**
 * Puts the contacts of the national directory into the settings of the open collectivités. What an agent wrote is never replaced.
 * Throws with a French sentence when the JSON is not the directory's.
 */
export async function importerAnnuaire(owner: Database, clock: Clock, content: unknown): Promise<ImportAnnuaire> {
  const entries = Array.isArray(content) ? content : (content as { service?: unknown[] })?.service
  if (!Array.isArray(entries)) {
    throw new Error(
      'Ce fichier n’est pas l’annuaire de l’administration : une liste « service » est attendue (JSON de la DILA, base de données locales).',
    )
  }
  const { rows } = await sql<{
    id: string
    nature: string
    code: string
  }>`select id, nature, code from collectivite where fermee_le is null`.execute(owner.kysely)
  const ids = new Map(rows.map(row => [`${row.nature}:${row.code}`, row.id]))
  const result = { lues: 0, appliquees: 0, gardees: 0, ailleurs: 0 }
  for (const entry of entries) {
    const fiche = lireFiche(entry)
    if (!fiche) continue
    result.lues++
    const id = ids.get(`${fiche.nature}:${fiche.code}`)
    if (!id) result.ailleurs++
    else if (await apply(owner, clock, id, fiche)) result.appliquees++
    else result.gardees++
  }
  return result
}

async function apply(owner: Database, clock: Clock, collectiviteId: string, { contact }: FicheAnnuaire): Promise<boolean> {
  return inTenant(owner, collectiviteId, async tx => {
    const written =
      await sql`insert into reglage (collectivite_id, adresse, code_postal, ville, telephone, courriel, horaires, site, source, modifie_le)
      values (${collectiviteId}, ${contact.adresse}, ${contact.codePostal}, ${contact.ville}, ${contact.telephone}, ${contact.courriel}, ${contact.horaires}, ${contact.site}, 'annuaire', ${clock.now()})
      on conflict (collectivite_id) do update set adresse = excluded.adresse, code_postal = excluded.code_postal, ville = excluded.ville, telephone = excluded.telephone,
        courriel = excluded.courriel, horaires = excluded.horaires, site = excluded.site, source = 'annuaire', modifie_le = excluded.modifie_le
      where reglage.source = 'annuaire'`.execute(tx)
    await announceChange(tx, collectiviteId)
    return Number(written.numAffectedRows ?? 0) > 0
  })
}
