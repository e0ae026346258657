import { type RawBuilder, sql } from 'kysely'
import type { Portee } from '../../../platform/http/route.ts'

/** Whether an agent may see a dossier. A reserved service is opened by an entry that names it, within that entry alone. The pure twin of `filtreDePortee`. */
export function estDansLaPortee(portee: Portee, dossier: { readonly demarche_id: string; readonly service: string | null }): boolean {
  const isReserved = dossier.service !== null && portee.sauf.includes(dossier.service)
  if (portee.seulement === null) return !isReserved
  return portee.seulement.some(
    ({ demarcheId, service }) =>
      (demarcheId === null || demarcheId === dossier.demarche_id) && (service === null ? !isReserved : service === dossier.service),
  )
}

/** The same as a condition (« and … », or nothing) on the columns `demarche_id` and `service` of a dossier; leakproof operators only. */
export function filtreDePortee({ sauf, seulement }: Portee): RawBuilder<unknown> {
  const ouverts = sql.join([sql`true`, ...sauf.map(service => sql`service is distinct from ${service}`)], sql` and `)
  if (!seulement) return sauf.length > 0 ? sql` and ${ouverts}` : sql``
  const any = seulement.map(
    ({ demarcheId, service }) =>
      sql`(${demarcheId === null ? sql`true` : sql`demarche_id = ${demarcheId}`} and ${service === null ? ouverts : sql`service = ${service}`})`,
  )
  return any.length > 0 ? sql` and (${sql.join(any, sql` or `)})` : sql` and false`
}
