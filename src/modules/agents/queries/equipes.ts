import { sql } from 'kysely'
import { alsoAs, type Tx } from '../../../platform/db/open.ts'

/** The team of a service; a service without one has `membres` empty and is open to all. */
export interface EquipeDeService {
  readonly service: string
  readonly reservee: boolean
  readonly membres: readonly { readonly id: string; readonly nom: string }[]
}

/** The teams of a collectivité, by service; who has no role here any more is left out. */
export async function equipesDe(tx: Tx, collectiviteId: string): Promise<EquipeDeService[]> {
  const { rows } = await sql<EquipeDeService>`
    select e.service, e.reservee, coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'nom', a.nom) order by a.nom) filter (where a.id is not null), '[]') as membres
    from equipe e left join (equipe_agent m join agent a on a.id = m.agent_id)
      on m.collectivite_id = ${collectiviteId} and m.service = e.service
      and exists (select from habilitation h where h.collectivite_id = ${collectiviteId} and h.agent_id = m.agent_id and h.retiree_le is null)
    where e.collectivite_id = ${collectiviteId} group by e.service, e.reservee`.execute(tx)
  return rows.sort((a, b) => a.service.localeCompare(b.service, 'fr'))
}

/** A delegation granted here. Days are civil days of the collectivité. */
export interface Delegation {
  readonly id: string
  readonly agentId: string
  readonly nom: string
  readonly courriel: string
  readonly roles: readonly string[]
  readonly demarcheId: string | null
  readonly service: string | null
  readonly du: string
  readonly au: string
  readonly motif: string
  readonly accordeeLe: Date
  readonly accordeePar: string
  readonly retireeLe: Date | null
}

/** The delegations of a collectivité, the latest first; those that ended before `depuis` (a civil day) are left out. */
export async function delegationsDe(tx: Tx, collectiviteId: string, depuis: string): Promise<Delegation[]> {
  const { rows } = await sql<Delegation>`
    select d.id, d.agent_id as "agentId", a.nom, a.courriel, d.roles, d.demarche_id as "demarcheId", d.service, d.du, d.au, d.motif,
      d.accordee_le as "accordeeLe", d.accordee_par as "accordeePar", d.retiree_le as "retireeLe"
    from delegation d join agent a on a.id = d.agent_id where d.collectivite_id = ${collectiviteId} and d.au >= ${depuis}
    order by d.du desc, d.id desc limit 200`.execute(tx)
  return rows
}

/** Who may handle a dossier, with what they may do to it. */
export interface AgentPossible {
  readonly id: string
  readonly nom: string
  readonly roles: readonly string[]
  readonly vientDAilleurs: boolean
}

/**
 * Who may handle a dossier of this démarche and service today (`YYYY-MM-DD` there): the agents who instruct or decide here, the team alone when the
 * service is reserved, and those to whom it is delegated, as long as they still work elsewhere. By name.
 */
export async function agentsPossibles(
  tx: Tx,
  collectiviteId: string,
  dossier: { readonly demarcheId: string; readonly service: string | null },
  today: string,
): Promise<AgentPossible[]> {
  const { demarcheId, service } = dossier
  const { rows } = await sql<AgentPossible>`
    select a.id, a.nom, array_agg(h.role order by h.role) as roles, false as "vientDAilleurs" from agent a
      join habilitation h on h.collectivite_id = ${collectiviteId} and h.agent_id = a.id and h.retiree_le is null and h.role in ('instructeur', 'decideur')
      where not exists (select from equipe e where e.collectivite_id = ${collectiviteId} and e.service = ${service} and e.reservee)
        or exists (select from equipe_agent m where m.collectivite_id = ${collectiviteId} and m.service = ${service} and m.agent_id = a.id)
      group by a.id
    union all
    select a.id, a.nom, array_agg(distinct role), true from delegation d join agent a on a.id = d.agent_id, unnest(d.roles) as role
    where d.collectivite_id = ${collectiviteId} and d.retiree_le is null and d.du <= ${today} and d.au >= ${today} and role in ('instructeur', 'decideur')
      and (d.demarche_id is null or d.demarche_id = ${demarcheId}) and (d.service is null or d.service = ${service})
      and (d.service is not null or not exists (select from equipe e where e.collectivite_id = ${collectiviteId} and e.service = ${service} and e.reservee))
      and not exists (select from habilitation h where h.collectivite_id = ${collectiviteId} and h.agent_id = a.id and h.retiree_le is null)
    group by a.id`.execute(tx)
  const found: AgentPossible[] = []
  for (const row of rows) if (!row.vientDAilleurs || (await travailleAilleurs(tx, collectiviteId, row.id))) found.push(row)
  return found.sort((a, b) => a.nom.localeCompare(b.nom, 'fr'))
}

// A delegation dies with the job of who received it (agent-agissant.ts): their roles elsewhere are rows of their own.
const travailleAilleurs = (tx: Tx, collectiviteId: string, agentId: string): Promise<boolean> =>
  alsoAs(tx, agentId, async () => {
    const { rows } = await sql`select 1 from habilitation
      where agent_id = ${agentId} and collectivite_id <> ${collectiviteId} and retiree_le is null limit 1`.execute(tx)
    return rows.length > 0
  })
