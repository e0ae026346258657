import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inScope } from '../../../platform/db/open.ts'
import type { ActingAgent, Portee } from '../../../platform/http/route.ts'
import { collectiviteParId, fuseau, leTerritoire } from '../../territoire/index.ts'
import { permissionsDe } from '../agent.ts'

interface Row {
  readonly nom: string
  readonly courriel: string
  readonly roles: string[]
  readonly reservees: string[]
  readonly delegations: { readonly roles: string[]; readonly demarcheId: string | null; readonly service: string | null }[]
}

/**
 * An agent with the roles that they have here at this instant, or by delegation today; undefined when they have none. One statement:
 * every page of agents begins with it. A delegation stands as long as the person still works for another collectivité.
 */
export async function agentAgissant(app: App, collectiviteId: string, agentId: string): Promise<ActingAgent | undefined> {
  const today = civilDay(app.clock.now(), fuseau(await collectiviteParId(app, collectiviteId)))
  const { rows } = await inScope(app.db, { collectiviteId, personneId: agentId }, tx =>
    sql<Row>`
      select a.nom, a.courriel,
        array(select role from habilitation where collectivite_id = ${collectiviteId} and agent_id = ${agentId} and retiree_le is null order by role) as roles,
        array(select e.service from equipe e where e.collectivite_id = ${collectiviteId} and e.reservee and not exists (
          select from equipe_agent m where m.collectivite_id = ${collectiviteId} and m.service = e.service and m.agent_id = ${agentId})) as reservees,
        coalesce((select jsonb_agg(jsonb_build_object('roles', d.roles, 'demarcheId', d.demarche_id, 'service', d.service)) from delegation d
          where d.collectivite_id = ${collectiviteId} and d.agent_id = ${agentId} and d.retiree_le is null and d.du <= ${today} and d.au >= ${today}
            and exists (select from habilitation h where h.agent_id = ${agentId} and h.collectivite_id <> ${collectiviteId} and h.retiree_le is null)), '[]') as delegations
      from agent a where a.id = ${agentId}`.execute(tx),
  )
  const row = rows[0]
  if (!row) return undefined
  const isHere = row.roles.length > 0
  const roles = isHere ? row.roles : [...new Set(row.delegations.flatMap(delegation => delegation.roles))]
  if (roles.length === 0) return undefined
  const estPorteur = isHere && (await leTerritoire(app))?.porteurId === collectiviteId
  return {
    id: agentId,
    nom: row.nom,
    courriel: row.courriel,
    roles,
    permissions: permissionsDe(roles, estPorteur),
    portee: porteeDe(row, isHere),
  }
}

const porteeDe = ({ reservees, delegations }: Row, isHere: boolean): Portee => ({
  sauf: reservees,
  seulement: isHere ? null : delegations.map(({ demarcheId, service }) => ({ demarcheId, service })),
})

/** The collectivités where a person has a role, with these roles: their own rows, across tenants. */
export async function collectivitesDeLAgent(app: App, agentId: string): Promise<{ collectiviteId: string; roles: string[] }[]> {
  const { rows } = await inScope(app.db, { personneId: agentId }, tx =>
    sql<{ collectiviteId: string; roles: string[] }>`
      select collectivite_id as "collectiviteId", array_agg(role order by role) as roles from habilitation
      where agent_id = ${agentId} and retiree_le is null group by collectivite_id`.execute(tx),
  )
  return rows
}

/** A collectivité that a person helps by delegation. */
export interface Aide {
  readonly collectiviteId: string
  readonly roles: readonly string[]
  /** The last day, `YYYY-MM-DD`. */
  readonly au: string
}

/** Where a person may help today, and until when: the delegations that run, one line a collectivité. Empty for who works nowhere any more. */
export async function aidesDeLAgent(app: App, agentId: string): Promise<Aide[]> {
  const { rows } = await inScope(app.db, { personneId: agentId }, tx =>
    sql<Aide & { du: string }>`
      select collectivite_id as "collectiviteId", roles, du, au from delegation d where agent_id = ${agentId} and retiree_le is null
        and exists (select from habilitation h where h.agent_id = ${agentId} and h.collectivite_id <> d.collectivite_id and h.retiree_le is null)
        and not exists (select from habilitation h where h.agent_id = ${agentId} and h.collectivite_id = d.collectivite_id and h.retiree_le is null)
        and au >= ${civilDay(new Date(app.clock.now().getTime() - 86_400_000), 'UTC')} order by au`.execute(tx),
  )
  const running = new Map<string, Aide>()
  for (const { collectiviteId, roles, du, au } of rows) {
    const today = civilDay(app.clock.now(), fuseau(await collectiviteParId(app, collectiviteId)))
    if (du <= today && au >= today) running.set(collectiviteId, { collectiviteId, roles, au })
  }
  return [...running.values()]
}
