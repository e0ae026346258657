import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { finDe, termeDAxe } from '../recherche/termes.ts'

/**
 * Which of these démarches have dossiers, those with some to handle first, `auPlus` at most: what a short list of choices is worth showing.
 * One probe of the terms a démarche, whatever the number of dossiers.
 */
export async function demarchesAFiltrer(tx: Tx, collectiviteId: string, ids: readonly string[], auPlus: number): Promise<Set<string>> {
  const debuts = ids.map(id => termeDAxe('demarche', id, 'accepte').replace(/accepte$/, ''))
  const { rows } = await sql<{ id: string }>`select id from (
      select d.id, exists (select from terme t where t.collectivite_id = ${collectiviteId} and t.terme in (d.debut || 'en_construction', d.debut || 'en_instruction')) as attend,
        exists (select from terme t where t.collectivite_id = ${collectiviteId} and t.terme >= d.debut and t.terme < d.fin) as connue
      from unnest(${[...ids]}::text[], ${debuts}::text[], ${debuts.map(finDe)}::text[]) as d (id, debut, fin)
    ) s where connue order by attend desc, id limit ${sql.lit(auPlus)}`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}
