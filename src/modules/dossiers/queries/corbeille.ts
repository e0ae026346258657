import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Portee } from '../../../platform/http/route.ts'
import type { Etat } from '../dossier.ts'
import { filtreDePortee } from './portee.ts'

/** A dossier out of the lists, with the reason and who put it there. */
export interface DossierCache {
  readonly id: string
  readonly reference: string
  readonly nom: string | null
  readonly definition: string
  readonly etat: Etat
  readonly cacheLe: Date
  readonly motif: string | null
  readonly agentId: string | null
}

/** The dossiers out of the lists that an agent may see, the latest first; 200 at most. */
export async function corbeille(tx: Tx, collectiviteId: string, portee: Portee): Promise<DossierCache[]> {
  const { rows } = await sql<DossierCache>`
    with caches as (select id, reference, demandeur_nom, definition, etat, cache_le from dossier
      where collectivite_id = ${collectiviteId} and cache_le is not null and etat <> 'brouillon'${filtreDePortee(portee)} order by cache_le desc, id limit 200)
    select c.id, c.reference, c.demandeur_nom as nom, c.definition, c.etat, c.cache_le as "cacheLe", e.motif,
      case when e.auteur_nature = 'agent' then e.auteur_id end as "agentId"
    from caches c left join lateral (select motif, auteur_nature, auteur_id from evenement
      where collectivite_id = ${collectiviteId} and dossier_id = c.id and nature = 'cacher' order by rang desc limit 1) e on true
    order by c.cache_le desc, c.id`.execute(tx)
  return rows
}
