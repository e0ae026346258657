import { sql } from 'kysely'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { effacerEnvois } from '../../envois/index.ts'

/** What was erased since a backup, in one collectivité. A tombstone is a row of « tombe », as it was. */
export interface EffacesDepuis {
  readonly dossiers: readonly string[]
  readonly fichiers: readonly string[]
  readonly envois: readonly string[]
  readonly tombes: readonly unknown[]
}

/**
 * Erases again, in a backup just restored, what had been erased since it was made: dossiers with all that hangs from them, files (their keys), messages.
 * Tombstones are put back as they were, and the journal says it. For the owner, in the transaction of the restore: it leaves none of it readable.
 * Gives how many dossiers the backup had brought back.
 */
export async function reeffacer(tx: Tx, collectiviteId: string, efface: EffacesDepuis, now: Date): Promise<number> {
  await sql`insert into tombe select t.* from jsonb_populate_recordset(null::tombe, ${JSON.stringify(efface.tombes)}::jsonb) t
    where t.collectivite_id = ${collectiviteId} on conflict do nothing`.execute(tx)
  await effacerEnvois(tx, collectiviteId, efface.envois)
  const { rows } = await sql<{ id: string }>`delete from dossier where collectivite_id = ${collectiviteId}
    and id = any(${[...efface.dossiers]}::uuid[]) returning id`.execute(tx)
  await sql`delete from fichier where collectivite_id = ${collectiviteId} and id = any(${[...efface.fichiers]}::uuid[])`.execute(tx)
  for (const { id } of rows) {
    await record(tx, collectiviteId, now, {
      acteur: 'systeme',
      action: 'dossier.effacer',
      objet: `dossier:${id}`,
      empreinte: payloadHash({ cause: 'restauration' }),
    })
  }
  return rows.length
}

/** The same for accounts, which are the territory's: for the owner alone, who sees the links of every collectivité at once. */
export async function reeffacerComptes(tx: Tx, ids: readonly string[]): Promise<void> {
  const comptes = sql`any(${[...ids]}::uuid[])`
  await sql`update dossier set usager_id = null where usager_id = ${comptes}`.execute(tx)
  await sql`delete from dossier_usager where usager_id = ${comptes}`.execute(tx)
  await sql`delete from lien_connexion where courriel in (select courriel from usager where id = ${comptes})`.execute(tx)
  await sql`delete from usager where id = ${comptes}`.execute(tx)
}
