import type { App } from '../../platform/app.ts'
import { inTenant } from '../../platform/db/open.ts'
import type { Result } from '../../platform/refusal.ts'
import { changer, ouvrirCopie } from './commands/copie.ts'
import { proposerAuxAutres } from './commands/partager.ts'
import { publierDemarche } from './commands/publier-demarche.ts'

const PARTAGEE = 'signalement-voirie'

/**
 * Shows how a démarche is shared: the collectivité that carries the catalogue makes one its own and offers it, so that the communes of a
 * demonstration have a new version to read. Does nothing where the démarche is not offered.
 */
export async function illustrerPartage(app: App, collectiviteId: string, agentId: string): Promise<void> {
  const atelier = { collectiviteId, demarcheId: PARTAGEE, agentId }
  await inTenant(app.db, collectiviteId, async tx => {
    if (!(await ouvrirCopie(app, tx, atelier))) return
    const changed = await changer(app, tx, atelier, 0, modele => ({
      ok: true,
      modele: { ...modele, delaiJours: modele.delaiJours + 3, pour: `${modele.pour} Une photo aide beaucoup.` },
      phrase: 'La réponse habituelle change',
    }))
    const steps: Result<unknown>[] = [changed, await publierDemarche(app, tx, atelier), await proposerAuxAutres(app, tx, atelier)]
    for (const step of steps) if (!step.ok) throw new Error(`démonstration: ${step.refusal.code}`)
  })
}
