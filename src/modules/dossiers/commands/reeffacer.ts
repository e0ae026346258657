import { sql } from 'kysely'
import { payloadHash, recordPlaced } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { effacerEnvois } from '../../envois/index.ts'

/** What was erased since a backup, in one collectivité. A tombstone is a row of « tombe ». */
export interface EffacesDepuis {
  readonly dossiers: readonly string[]
  readonly fichiers: readonly string[]
  readonly envois: readonly string[]
  readonly tombes: readonly Readonly<Record<string, unknown>>[]
}

/**
 * Erases again, in a backup just restored, what had been erased since it was made: dossiers with all that hangs from them, files (their keys), messages.
 * Tombstones are put back, and the journal says it. For the owner, in the transaction of the restore: it leaves none of it readable.
 * Gives how many dossiers the backup had brought back.
 */
export async function reeffacer(tx: Tx, collectiviteId: string, efface: EffacesDepuis, now: Date): Promise<number> {
  await effacerEnvois(tx, collectiviteId, efface.envois)
  const { rows } = await sql<{ id: string }>`delete from dossier where collectivite_id = ${collectiviteId}
    and id = any(${[...efface.dossiers]}::uuid[]) returning id`.execute(tx)
  await sql`delete from fichier where collectivite_id = ${collectiviteId} and id = any(${[...efface.fichiers]}::uuid[])`.execute(tx)
  const places = new Map<unknown, number>()
  for (const { id } of rows) {
    const entry = {
      acteur: 'systeme',
      action: 'dossier.effacer',
      objet: `dossier:${id}`,
      empreinte: payloadHash({ cause: 'restauration' }),
    }
    places.set(id, await recordPlaced(tx, collectiviteId, now, entry))
  }
  // The journal is the backup's: a tombstone has its place in it, not in the one that was lost. A draft never has any.
  const tombes = efface.tombes.map(tombe => ({
    ...tombe,
    sequence: tombe.sequence == null ? null : (places.get(tombe.dossier_id) ?? null),
  }))
  await sql`insert into tombe select t.* from jsonb_populate_recordset(null::tombe, ${JSON.stringify(tombes)}::jsonb) t
    where t.collectivite_id = ${collectiviteId} on conflict do nothing`.execute(tx)
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
