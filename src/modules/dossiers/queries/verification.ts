import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { DocumentRow } from '../tables.ts'

/** What whoever holds a document may know of it: never whom it is for. */
export interface DocumentVerifie extends Pick<DocumentRow, 'nature' | 'emis_le' | 'revoque_le' | 'empreinte'> {
  readonly scelle: boolean
  /** Fingerprint of the definition of the démarche, for its name. */
  readonly definition: string
}

/** The document that carries a code; undefined when the collectivité issued none such. */
export async function documentParCode(tx: Tx, collectiviteId: string, code: string): Promise<DocumentVerifie | undefined> {
  const { rows } = await sql<DocumentVerifie>`select d.nature, d.emis_le, d.revoque_le, d.empreinte, d.scelle, o.definition from document d
    join dossier o on o.collectivite_id = d.collectivite_id and o.id = d.dossier_id
    where d.collectivite_id = ${collectiviteId} and d.code = ${code}`.execute(tx)
  return rows[0]
}
