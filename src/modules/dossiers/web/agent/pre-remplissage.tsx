import { inTenant } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { qrImage } from '../../../../platform/qr.ts'
import { ok, type Refusal } from '../../../../platform/refusal.ts'
import { pageAgent } from '../../../agents/index.ts'
import { type Demarche, lireDemarche } from '../../../demarches/index.ts'
import { aucuneReponse, type Erreur, type Saisie } from '../../../formulaires/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { envDuDossier } from '../../commands/deposer.ts'
import { partieSignee, preparerLien } from '../../commands/preparer-lien.ts'
import { formulaireAPreparer, lirePreparation, propositionsLues } from '../../preremplir.ts'
import { preRemplissage } from '../../queries/pre-remplissage.ts'
import { jour } from '../../queries/precedent.ts'
import { refusals } from '../../refusals.ts'
import { LienPrepare, Preparation } from './pre-remplissage.page.tsx'

const SOURCE_MAX = 120

const adresse = (ctx: Context, offre: Demarche): string => `${ctx.tenant.base}/agent/demarches/${offre.id}`

const cheminDe = (ctx: Context, offre: Demarche) => [
  { texte: 'Démarches', href: `${ctx.tenant.base}/agent/demarches` },
  { texte: offre.modele.titre, href: adresse(ctx, offre) },
]

/** The démarche of the route, published once at least; the same 404 otherwise. */
async function lire(ctx: Context, show: (offre: Demarche) => Promise<Answer>): Promise<Answer> {
  const offre = await lireDemarche(ctx.app, ctx.tenant.id, ctx.params.demarche ?? '')
  return offre && offre.revision > 0 ? show(offre) : refused(notFound)
}

/** GET: the form to fill in for someone. */
export const montrerPreparation = (ctx: Context): Promise<Answer> => lire(ctx, offre => pagePreparation(ctx, offre))

function pagePreparation(
  ctx: Context,
  offre: Demarche,
  typed?: { saisie: Saisie; source: string; erreurs: readonly Erreur[]; refusal?: Refusal },
): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const { modele } = offre
  const { refusal } = typed ?? {}
  return pageAgent(
    ctx,
    {
      title: 'Préparer un lien pré-rempli',
      hasErrors: typed !== undefined,
      chemin: cheminDe(ctx, offre),
      children: (
        <Preparation
          action={`${adresse(ctx, offre)}/pre-remplissage`}
          jeton={ctx.token}
          cle={newSecret()}
          formulaire={formulaireAPreparer(modele)}
          reponses={aucuneReponse}
          env={envDuDossier(ctx.app, collectivite, modele)}
          saisie={typed?.saisie}
          erreurs={typed?.erreurs}
          source={typed?.source ?? collectivite.nom}
          general={refusal && { champ: 'prepare-par', message: refusal.sentence }}
        />
      ),
    },
    ctx.agent,
    typed ? 422 : 200,
  )
}

/** POST: keeps the answers that the form accepts, and goes to the page of their link. */
export const preparer = (ctx: Context): Promise<Answer> =>
  lire(ctx, async offre => {
    const collectivite = collectiviteDe(ctx)
    const { form, app } = ctx
    const source = form.line('prepare-par', SOURCE_MAX) || collectivite.nom
    const { reponses, erreurs } = lirePreparation(offre.modele, envDuDossier(app, collectivite, offre.modele), form.fields)
    const typed = { saisie: form.fields, source, erreurs }
    if (erreurs.length > 0) return pagePreparation(ctx, offre, typed)
    if (Object.keys(reponses.champs).length === 0) return pagePreparation(ctx, offre, { ...typed, refusal: refusals.pre_remplissage_vide })
    return once(ctx, form.secret('_cle', 64), { source, reponses }, async tx => {
      const acteur = `agent:${ctx.agent.id}`
      const { id } = await preparerLien(app, tx, { collectiviteId: collectivite.id, demarcheId: offre.id, reponses, source, acteur })
      return ok({ to: `${adresse(ctx, offre)}/pre-remplissage/${id}` })
    })
  })

/** GET: the link prepared, to copy or to print. */
export const montrerLien = (ctx: Context): Promise<Answer> =>
  lire(ctx, async offre => {
    const collectivite = collectiviteDe(ctx)
    const prepare = await inTenant(ctx.app.db, collectivite.id, tx =>
      preRemplissage(tx, collectivite.id, offre.id, ctx.params.id ?? '', ctx.app.clock.now()),
    )
    if (!prepare) return refused(notFound)
    const cle = { collectiviteId: collectivite.id, demarcheId: offre.id, id: prepare.id }
    const lien = adresseDuLien(ctx, offre.id, partieSignee(ctx.app.secrets, cle))
    const env = envDuDossier(ctx.app, collectivite, offre.modele)
    return pageAgent(
      ctx,
      {
        title: `Lien pré-rempli : ${offre.modele.titre}`,
        chemin: cheminDe(ctx, offre),
        children: (
          <LienPrepare
            lien={lien}
            image={await qrImage(lien)}
            source={prepare.source}
            jusquAu={jour(prepare.expireLe, collectivite)}
            sections={propositionsLues(offre.modele, env, prepare.reponses)}
            autre={`${adresse(ctx, offre)}/pre-remplissage`}
          />
        ),
      },
      ctx.agent,
    )
  })

/** The absolute address of a prefilled link, as it is sent or printed. */
export const adresseDuLien = (ctx: Context, demarcheId: string, partie: string): string =>
  `${ctx.tenant.address}/demarches/${demarcheId}/pre-rempli/${partie}`
