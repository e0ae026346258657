import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { ecrireDefinition } from '../definition.ts'
import type { Modele } from '../demarche.ts'

/** Stores a definition if it is not known yet; gives its fingerprint. */
export async function garderDefinition(tx: Tx, modele: Modele): Promise<string> {
  const { empreinte, texte } = ecrireDefinition(modele)
  await sql`insert into definition_demarche (empreinte, definition) values (${empreinte}, ${texte}::jsonb) on conflict do nothing`.execute(
    tx,
  )
  return empreinte
}
