import { type RawBuilder, sql } from 'kysely'
import type { Portee } from '../../../platform/http/route.ts'

/** Whether an agent may see a dossier. The pure twin of `filtreDePortee`. */
export function estDansLaPortee(portee: Portee, dossier: { readonly demarche_id: string; readonly service: string | null }): boolean {
  if (dossier.service !== null && portee.sauf.includes(dossier.service)) return false
  if (portee.seulement === null) return true
  return portee.seulement.some(
    ({ demarcheId, service }) =>
      (demarcheId === null || demarcheId === dossier.demarche_id) && (service === null || service === dossier.service),
  )
}

/** The same as a condition (« and … », or nothing) on the columns `demarche_id` and `service` of a dossier; leakproof operators only. */
export function filtreDePortee({ sauf, seulement }: Portee): RawBuilder<unknown> {
  const parts = sauf.map(service => sql` and service is distinct from ${service}`)
  if (seulement) {
    const any = seulement.map(
      ({ demarcheId, service }) =>
        sql`(${demarcheId === null ? sql`true` : sql`demarche_id = ${demarcheId}`} and ${service === null ? sql`true` : sql`service = ${service}`})`,
    )
    parts.push(any.length > 0 ? sql` and (${sql.join(any, sql` or `)})` : sql` and false`)
  }
  return sql.join(parts, sql``)
}
