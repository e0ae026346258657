import { inTenant } from '../../../../platform/db/open.ts'
import { type Answer, type Context, notFound, redirect, refused } from '../../../../platform/http/route.ts'
import { checkModele, copieDe, demarche } from '../../../demarches/index.ts'
import { ouvrirEssai } from '../../commands/essai.ts'
import { refusals } from '../../refusals.ts'
import { donnerAcces } from '../usager/acces.ts'

/** POST: tries the démarche as it is being written: the very pages of residents, at the end of which nothing is kept. */
export function essayer(ctx: Context): Promise<Answer> {
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const offre = await demarche(tx, ctx.tenant.id, ctx.params.demarche ?? '')
    if (!offre) return refused(notFound)
    const modele = (await copieDe(tx, ctx.tenant.id, offre.id))?.modele ?? offre.modele
    if (checkModele(modele).length > 0) return refused(refusals.essai_impossible)
    const id = await ouvrirEssai(ctx.app, tx, ctx.tenant.id, offre, modele)
    // To this browser, never to the account of the person who tries: a trial is not one of « mes dossiers ».
    const visitor = await ctx.visitor('usager')
    const { cookies } = await donnerAcces(ctx, tx, visitor && { ...visitor, personneId: null }, id)
    return redirect(`${ctx.tenant.base}/brouillons/${id}/etapes/${modele.formulaire.etapes[0]!.id}`, cookies)
  })
}
