import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { collectiviteDuChemin } from '../../territoire/index.ts'
import { refusals } from '../refusals.ts'
import { preparerInvitation } from './preparer-invitation.ts'

/**
 * For the command line: gives roles to a person and a link, valid for 72 h, that opens their account, or opens it again when they lost their
 * password or second factor. Sends nothing. Refuses an unknown collectivité, an ill-written address, no name, no role.
 */
export async function creerInvitation(
  app: App,
  qui: { chemin: string; courriel: string; nom: string; roles: readonly string[] },
): Promise<Result<{ lien: string }>> {
  const collectivite = await collectiviteDuChemin(app, qui.chemin)
  if (!collectivite) return refuse(refusals.collectivite)
  const prepared = await inTenant(app.db, collectivite.id, tx =>
    preparerInvitation(tx, app, { ...qui, collectiviteId: collectivite.id, par: null, reinitialiser: true }),
  )
  if (!prepared.ok) return prepared
  if (prepared.value.lien === null) throw new Error('a reset always has a link')
  return ok({ lien: prepared.value.lien })
}
