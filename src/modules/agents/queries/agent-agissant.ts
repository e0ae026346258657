import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inScope, inTenant } from '../../../platform/db/open.ts'
import type { ActingAgent, Portee } from '../../../platform/http/route.ts'
import { leTerritoire } from '../../territoire/index.ts'
import { permissionsDe } from '../agent.ts'

/** An agent with the roles that they have here at this instant; undefined when they have none. */
export async function agentAgissant(app: App, collectiviteId: string, agentId: string): Promise<ActingAgent | undefined> {
  const { rows } = await inTenant(app.db, collectiviteId, tx =>
    sql<{ nom: string; courriel: string; roles: string[] }>`
      select a.nom, a.courriel, array_agg(h.role order by h.role) as roles from habilitation h join agent a on a.id = h.agent_id
      where h.collectivite_id = ${collectiviteId} and h.agent_id = ${agentId} and h.retiree_le is null group by a.id`.execute(tx),
  )
  const row = rows[0]
  if (!row) return undefined
  const portee: Portee = { sauf: [], seulement: null }
  const estPorteur = (await leTerritoire(app))?.porteurId === collectiviteId
  return { id: agentId, nom: row.nom, courriel: row.courriel, roles: row.roles, permissions: permissionsDe(row.roles, estPorteur), portee }
}

/** The collectivités where a person has a role, with these roles: their own rows, across tenants. */
export async function collectivitesDeLAgent(app: App, agentId: string): Promise<{ collectiviteId: string; roles: string[] }[]> {
  const { rows } = await inScope(app.db, { personneId: agentId }, tx =>
    sql<{ collectiviteId: string; roles: string[] }>`
      select collectivite_id as "collectiviteId", array_agg(role order by role) as roles from habilitation
      where agent_id = ${agentId} and retiree_le is null group by collectivite_id`.execute(tx),
  )
  return rows
}
