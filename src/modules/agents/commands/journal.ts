import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'

/** Writes an act on an agent in the collectivité's journal. `par`: the agent who acts, null for the command line. */
export const noter = (
  tx: Tx,
  app: App,
  collectiviteId: string,
  par: string | null,
  action: string,
  agentId: string,
  contenu: object = {},
): Promise<void> =>
  record(tx, collectiviteId, app.clock.now(), {
    acteur: par ? `agent:${par}` : 'systeme',
    action,
    objet: `agent:${agentId}`,
    empreinte: payloadHash(contenu),
  })
