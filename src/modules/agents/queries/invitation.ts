import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { hashOf } from '../../../platform/ids.ts'

/** An invitation that can still be accepted. */
export interface InvitationOuverte {
  readonly agentId: string
  readonly nom: string
  readonly courriel: string
  readonly hasPassword: boolean
}

/** The invitation of a link; undefined when it is unknown, used, replaced, out of date, or when the person has no role here any more. */
export async function invitationOuverte(app: App, collectiviteId: string, jeton: string): Promise<InvitationOuverte | undefined> {
  const { rows } = await inTenant(app.db, collectiviteId, tx =>
    sql<InvitationOuverte>`select a.id as "agentId", a.nom, a.courriel, a.mot_de_passe is not null as "hasPassword" from agent a
      where a.invitation_empreinte = ${hashOf(jeton)} and a.invitation_expire_le > ${app.clock.now()}
        and exists (select 1 from habilitation h where h.collectivite_id = ${collectiviteId} and h.agent_id = a.id and h.retiree_le is null)`.execute(
      tx,
    ),
  )
  return rows[0]
}
