import { inTenant } from '../../../../platform/db/open.ts'
import { type Answer, type Context, notFound, page, refused } from '../../../../platform/http/route.ts'
import { collectiviteDe, pageDe } from '../../../territoire/index.ts'
import { demarche } from '../../queries/demarches.ts'
import { pageDEdition } from './cadre.tsx'
import { lireLeChantier } from './chantier.ts'
import { FormulairePapier } from './papier.page.tsx'

/** GET …/edition/papier: the paper form of what is being changed. */
export const montrerPapier = (ctx: Context): Promise<Answer> =>
  lireLeChantier(ctx, (tx, chantier) =>
    pageDEdition(ctx, tx, chantier, {
      title: chantier.modele.titre,
      children: <FormulairePapier modele={{ ...chantier.modele, id: chantier.offre.id }} collectivite={collectiviteDe(ctx)} version="" />,
    }),
  )

/** GET /demarches/:demarche/papier: the paper form, for anybody; of what was published once, open online or not. */
export async function papierPublic(ctx: Context): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const offre = await inTenant(ctx.app.db, collectivite.id, tx => demarche(tx, collectivite.id, ctx.params.demarche ?? ''))
  if (!offre || offre.revision === 0) return refused(notFound)
  const { base, nom } = collectivite
  const html = await pageDe(ctx.app, collectivite, {
    title: offre.modele.titre,
    enhanced: true,
    chemin: [
      { texte: nom, href: base || '/' },
      { texte: 'Démarches', href: `${base}/demarches` },
      { texte: offre.modele.titre, href: `${base}/demarches/${offre.id}` },
    ],
    children: (
      <FormulairePapier modele={{ ...offre.modele, id: offre.id }} collectivite={collectivite} version={`version ${offre.revision}`} />
    ),
  })
  return page(html)
}
