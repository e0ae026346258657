import { inTenant } from '../../../../platform/db/open.ts'
import { type Answer, type Context, notFound, page, type Route, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { type Demarche, lireDemarche } from '../../../demarches/index.ts'
import type { Env } from '../../../formulaires/index.ts'
import { collectiviteDe, pageDe } from '../../../territoire/index.ts'
import { envDuDossier } from '../../commands/deposer.ts'
import { idSigne } from '../../commands/preparer-lien.ts'
import { propositionsLues, retenir } from '../../preremplir.ts'
import { provenancesDe } from '../../provenances.ts'
import { type PreRemplissage, preRemplissage } from '../../queries/pre-remplissage.ts'
import { jour } from '../../queries/precedent.ts'
import { refusals } from '../../refusals.ts'
import { ouvrirUneFois, premiereEtape } from './ouverture.ts'
import { LienPerime, PreRempli } from './preremplir.page.tsx'

interface Ouvert {
  readonly offre: Demarche
  readonly env: Env
  /** Undefined when the link is not ours, or past its end. */
  readonly prepare: PreRemplissage | undefined
}

/** The démarche of the route with what its link proposes, or the answer that refuses. */
async function ouvrirLien(ctx: Context): Promise<Ouvert | { refus: Answer }> {
  const collectivite = collectiviteDe(ctx)
  const offre = await lireDemarche(ctx.app, collectivite.id, ctx.params.demarche ?? '')
  if (!offre) return { refus: refused(notFound) }
  if (!offre.estOuverte) return { refus: refused(refusals.demarche_fermee) }
  const cle = { collectiviteId: collectivite.id, demarcheId: offre.id }
  const id = idSigne(ctx.app.secrets, cle, ctx.params.lien ?? '')
  const prepare =
    id === undefined
      ? undefined
      : await inTenant(ctx.app.db, collectivite.id, tx => preRemplissage(tx, collectivite.id, offre.id, id, ctx.app.clock.now()))
  return { offre, env: envDuDossier(ctx.app, collectivite, offre.modele), prepare }
}

const sansLien = (ctx: Context, { id }: Demarche) => `${ctx.tenant.base}/demarches/${id}/commencer`

const propsDe = (ctx: Context, { modele, id }: Demarche) => {
  const { nom, base } = collectiviteDe(ctx)
  return {
    noindex: true,
    enhanced: true,
    chemin: [
      { texte: nom, href: base || '/' },
      { texte: modele.titre, href: `${base}/demarches/${id}` },
    ],
  }
}

async function pagePerimee(ctx: Context, offre: Demarche): Promise<Answer> {
  const { sentence, status } = refusals.lien_pre_rempli
  const children = <LienPerime phrase={sentence} sans={sansLien(ctx, offre)} />
  return page(await pageDe(ctx.app, collectiviteDe(ctx), { ...propsDe(ctx, offre), title: 'Ce lien n’est plus valable', children }), status)
}

/** GET: what is prepared, and by whom. Nothing is written. */
async function voir(ctx: Context): Promise<Answer> {
  const found = await ouvrirLien(ctx)
  if ('refus' in found) return found.refus
  const { offre, env, prepare } = found
  if (!prepare) return pagePerimee(ctx, offre)
  const { reponses, refuses } = retenir(offre.modele, env, prepare.reponses)
  const collectivite = collectiviteDe(ctx)
  return page(
    await pageDe(ctx.app, collectivite, {
      ...propsDe(ctx, offre),
      title: offre.modele.titre,
      children: (
        <PreRempli
          action={`${ctx.tenant.base}/demarches/${offre.id}/pre-rempli/${ctx.params.lien}`}
          jeton={ctx.token}
          cle={newSecret()}
          source={prepare.source}
          jusquAu={jour(prepare.expireLe, collectivite)}
          sections={propositionsLues(offre.modele, env, reponses)}
          refuses={refuses}
          sans={sansLien(ctx, offre)}
        />
      ),
    }),
  )
}

/** POST: begins with these answers, each with its provenance. */
async function commencer(ctx: Context): Promise<Answer> {
  const found = await ouvrirLien(ctx)
  if ('refus' in found) return found.refus
  const { offre, env, prepare } = found
  if (!prepare) return pagePerimee(ctx, offre)
  const { reponses } = retenir(offre.modele, env, prepare.reponses)
  const provenances = provenancesDe(reponses, `indiqué par ${prepare.source}`)
  const suite = () => premiereEtape(offre.modele, reponses, env)
  return ouvrirUneFois(ctx, { demarche: offre, reponses, provenances, suite }, ctx.form.secret('_cle', 80))
}

const commun = { path: '/demarches/:demarche/pre-rempli/:lien', scope: 'collectivite', access: { kind: 'public' }, perIp: 120 } as const

/** A link that brings answers prepared by the collectivité or another program. */
export const routesPreremplir: readonly Route[] = [
  { ...commun, method: 'GET', handle: voir },
  { ...commun, method: 'POST', handle: commencer },
]
