import { civilDay } from '../../../../platform/clock.ts'
import type { Route } from '../../../../platform/http/route.ts'
import { type Answer, type Context, notFound, redirect, refused } from '../../../../platform/http/route.ts'
import { avis } from '../../../demarches/index.ts'
import { fuseau } from '../../../territoire/index.ts'
import { estTermine } from '../../dossier.ts'
import { refusals } from '../../refusals.ts'
import { avecDossier, type Ouvert } from './acces.ts'

/** What is asked about a dossier now: nothing, or what the person thinks of the filing, or of the answer. */
export interface QuestionDAvis {
  readonly moment: 'depot' | 'decision'
  readonly estDonne: boolean
  readonly avisUrl: string | undefined
}

/** The question of a page: after the filing on the receipt, after the decision on the follow-up. */
export async function questionDAvis(
  { tx, collectivite, dossier, modele }: Ouvert,
  moment: 'depot' | 'decision',
): Promise<QuestionDAvis | undefined> {
  if (dossier.etat === 'brouillon' || (moment === 'decision' && !estTermine(dossier.etat))) return undefined
  return { moment, estDonne: await avis.avisDonne(tx, collectivite.id, dossier.id, moment), avisUrl: modele.avisUrl }
}

/** POST: keeps the opinion and comes back to the page that asked. Sent again, the last one counts. */
async function donner(ctx: Context): Promise<Answer> {
  const moment = ctx.form.line('moment', 20) === 'decision' ? 'decision' : 'depot'
  const note = ctx.form.number('note', 0, 0, 9)
  const phrase = ctx.form.text('phrase', 1000)
  const answer = await avecDossier(ctx, 'changer', async ouvert => {
    const { tx, collectivite, dossier } = ouvert
    const page = `${collectivite.base}/dossiers/${dossier.id}${moment === 'depot' ? '/accuse' : ''}`
    if (!(await questionDAvis(ouvert, moment))) return refused(refusals.avis_trop_tot, phrase ? { phrase } : undefined)
    if (note < 1 || note > 5) return refused(refusals.avis_sans_note, phrase ? { phrase } : undefined)
    const le = civilDay(ctx.app.clock.now(), fuseau(collectivite))
    await avis.donnerAvis(
      tx,
      { collectiviteId: collectivite.id, demarcheId: dossier.demarche_id, dossierId: dossier.id },
      { moment, note, phrase, le },
    )
    return redirect(`${page}#avis`)
  })
  return answer ?? refused(notFound)
}

/** What people think, without account nor third party. */
export const routesAvis: readonly Route[] = [
  { method: 'POST', path: '/dossiers/:id/avis', scope: 'collectivite', access: { kind: 'usager' }, handle: donner },
]
