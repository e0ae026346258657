import type { App } from '../../../platform/app.ts'
import { closeSession } from '../../../platform/auth/sessions.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { Visitor } from '../../../platform/http/route.ts'
import { noter } from './journal.ts'

/** Signs an agent out, and notes it in the journal of the collectivité whose page they leave from. */
export async function fermerSession(app: App, collectiviteId: string, session: Visitor): Promise<void> {
  await inTenant(app.db, collectiviteId, async tx => {
    await closeSession(tx, session.sessionHash)
    if (session.personneId) await noter(tx, app, collectiviteId, session.personneId, 'agent.deconnexion', session.personneId)
  })
}
