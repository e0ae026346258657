import { civilDay } from '../../../../platform/clock.ts'
import { type Answer, type Context, notFound, page, type Route, redirect, refused } from '../../../../platform/http/route.ts'
import { avis } from '../../../demarches/index.ts'
import { fuseau } from '../../../territoire/index.ts'
import { refusals } from '../../refusals.ts'
import { avecDossier } from './acces.ts'
import { pageAccuse } from './depot.tsx'
import { questionDAvis } from './question-d-avis.ts'
import { pageSuiviDuDossier } from './suivi.tsx'

/** POST: keeps the opinion and comes back to the page that asked, which says again what has no mark. Sent again, the last one counts. */
async function donner(ctx: Context): Promise<Answer> {
  const moment = ctx.form.line('moment', 20) === 'decision' ? 'decision' : 'depot'
  const note = ctx.form.number('note', 0, 0, 9)
  const phrase = ctx.form.text('phrase', 1000)
  const answer = await avecDossier(ctx, 'changer', async ouvert => {
    const { tx, collectivite, dossier } = ouvert
    if (!(await questionDAvis(ouvert, moment))) return refused(refusals.avis_trop_tot, phrase ? { phrase } : undefined)
    if (note < 1 || note > 5) {
      const { sentence, status } = refusals.avis_sans_note
      const question = await questionDAvis(ouvert, moment, { message: sentence, phrase })
      return page(await (moment === 'depot' ? pageAccuse : pageSuiviDuDossier)(ctx, ouvert, question), status)
    }
    const le = civilDay(ctx.app.clock.now(), fuseau(collectivite))
    await avis.donnerAvis(
      tx,
      { collectiviteId: collectivite.id, demarcheId: dossier.demarche_id, dossierId: dossier.id },
      { moment, note, phrase, le },
    )
    return redirect(`${collectivite.base}/dossiers/${dossier.id}${moment === 'depot' ? '/accuse' : ''}#avis`)
  })
  return answer ?? refused(notFound)
}

/** What people think, without account nor third party. */
export const routesAvis: readonly Route[] = [
  { method: 'POST', path: '/dossiers/:id/avis', scope: 'collectivite', access: { kind: 'usager' }, handle: donner },
]
