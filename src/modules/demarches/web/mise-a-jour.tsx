import type { Tx } from '../../../platform/db/open.ts'
import { type Answer, type Context, redirect } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { ok, type Refusal, refuse } from '../../../platform/refusal.ts'
import { pageAgent } from '../../agents/index.ts'
import { collectiviteParId, leTerritoire } from '../../territoire/index.ts'
import { ouvrirCopie, remplacerCopie } from '../commands/copie.ts'
import { publierDemarche } from '../commands/publier-demarche.ts'
import type { Modele } from '../demarche.ts'
import {
  appliquer,
  type Choix,
  type Difference,
  differences,
  type Fusion,
  fusionner,
  phraseDeConflit,
  phraseDeDifference,
  resoudre,
} from '../edition/index.ts'
import { type MiseAJour, misesAJour, versionDuModele } from '../queries/catalogue.ts'
import { copieDe } from '../queries/copie.ts'
import { type Demarche, demarche } from '../queries/demarches.ts'
import { refusals } from '../refusals.ts'
import { adresseDeLaDemarche, agir, atelierDe, cheminDe, lireLaDemarche } from './acces.ts'
import { PageDeMiseAJour } from './mise-a-jour.page.tsx'

/** What a new version of the template brings to a démarche. */
interface Offre {
  readonly cible: MiseAJour
  /** The version followed until now, and the new one. */
  readonly base: Modele
  readonly nouvelle: Modele
  /** What the collectivité has now, changes not published included. */
  readonly mienne: Modele
  /** Who proposes it. */
  readonly par: string
  readonly changements: readonly Difference[]
}

async function offreDe(ctx: Context, tx: Tx, offre: Demarche): Promise<Offre | undefined> {
  const porteurId = (await leTerritoire(ctx.app))?.porteurId ?? null
  const cible = (await misesAJour(tx, ctx.tenant.id, porteurId)).find(({ demarcheId }) => demarcheId === offre.id)
  if (!cible || !offre.origine) return undefined
  const base = (await versionDuModele(tx, offre.origine.id, offre.origine.version))!.modele
  const { modele: nouvelle, origineId } = (await versionDuModele(tx, cible.id, cible.version))!
  const par = origineId ? (await collectiviteParId(ctx.app, origineId)).nom : 'Parvis'
  const copie = await copieDe(tx, ctx.tenant.id, offre.id)
  return { cible, base, nouvelle, par, mienne: copie?.modele ?? offre.modele, changements: differences(base, nouvelle) }
}

/** The merge of what is accepted into what the collectivité has: its own changes stay, what both changed is a conflict. */
function concilier(
  { base, mienne, changements }: Offre,
  acceptes: ReadonlySet<string>,
): { fusion: Fusion; impossibles: readonly string[] } {
  const { modele, impossibles } = appliquer(
    base,
    changements.filter(({ cle }) => acceptes.has(cle)),
  )
  return { fusion: fusionner(base, modele, mienne), impossibles: impossibles.map(({ raison }) => raison) }
}

/** GET: what the new version changes, each to be taken or left; what both changed, to be settled. */
export const montrerMiseAJour = (ctx: Context): Promise<Answer> =>
  lireLaDemarche(ctx, async (tx, offre) => {
    const proposee = await offreDe(ctx, tx, offre)
    if (!proposee) return redirect(adresseDeLaDemarche(ctx))
    return pageDe(ctx, offre, proposee, new Set(proposee.changements.map(({ cle }) => cle)), {})
  })

async function pageDe(
  ctx: Context,
  offre: Demarche,
  proposee: Offre,
  acceptes: ReadonlySet<string>,
  choix: Choix,
  erreur?: string,
): Promise<Answer> {
  const { fusion } = concilier(proposee, acceptes)
  return pageAgent(
    ctx,
    {
      title: 'Nouvelle version du modèle',
      hasErrors: erreur !== undefined,
      chemin: cheminDe(ctx, offre),
      children: (
        <PageDeMiseAJour
          action={`${adresseDeLaDemarche(ctx)}/mise-a-jour`}
          retour={adresseDeLaDemarche(ctx)}
          cible={`${proposee.cible.id}:${proposee.cible.version}`}
          version={proposee.cible.version}
          par={proposee.par}
          changements={proposee.changements.map(difference => ({
            cle: difference.cle,
            phrase: phraseDeDifference(difference, proposee.base, proposee.nouvelle),
            estAccepte: acceptes.has(difference.cle),
          }))}
          conflits={fusion.conflits.map(conflit => ({ cle: conflit.cle, choix: choix[conflit.cle], ...phraseDeConflit(conflit, fusion) }))}
          jeton={ctx.token}
          cle={newSecret()}
          erreur={erreur}
        />
      ),
    },
    ctx.agent,
    erreur ? 422 : 200,
  )
}

/**
 * POST: takes what is ticked into the working copy, which follows the new version from now on: what was left becomes the collectivité's own
 * difference. Published at once when asked and nothing prevents it. Conflicts not settled come back to be.
 */
export function accepterMiseAJour(ctx: Context): Promise<Answer> {
  const acceptes = new Set(cochees(ctx))
  const choix: Choix = Object.fromEntries(
    Object.keys(ctx.form.fields)
      .filter(name => name.startsWith('conflit:'))
      .map(name => [name.slice('conflit:'.length), ctx.form.line(name, 10) === 'leurs' ? ('leurs' as const) : ('miennes' as const)]),
  )
  // A refusal says what to settle; the page is then shown again from what is in the database now.
  const again = (refusal: Refusal): Promise<Answer> =>
    lireLaDemarche(ctx, async (tx, offre) => {
      const proposee = await offreDe(ctx, tx, offre)
      return proposee ? pageDe(ctx, offre, proposee, acceptes, choix, refusal.sentence) : redirect(adresseDeLaDemarche(ctx))
    })
  return agir(
    ctx,
    async tx => {
      const atelier = atelierDe(ctx)
      const offre = await demarche(tx, atelier.collectiviteId, atelier.demarcheId)
      // Held from here: what a colleague is writing now is read before it is merged, not overwritten.
      if (offre) await ouvrirCopie(ctx.app, tx, atelier)
      const proposee = offre && (await offreDe(ctx, tx, offre))
      if (!offre || !proposee) return refuse(refusals.copie_absente)
      const { cible } = proposee
      if (ctx.form.line('cible', 120) !== `${cible.id}:${cible.version}`) return refuse(refusals.version_plus_recente)
      const { fusion, impossibles } = concilier(proposee, acceptes)
      if (impossibles[0]) return refuse({ ...refusals.changement_impossible, sentence: impossibles[0] })
      if (fusion.conflits.some(({ cle }) => choix[cle] === undefined)) return refuse(refusals.conflits_a_trancher)
      const modele = { ...resoudre(fusion, choix), id: offre.id, version: cible.version }
      const kept = await remplacerCopie(ctx.app, tx, atelier, modele, `Version ${cible.version} du modèle acceptée`, cible)
      if (!kept.ok) return kept
      const published = ctx.form.line('suite', 20) === 'publier' ? await publierDemarche(ctx.app, tx, atelier) : undefined
      // What prevents publishing is shown by the editor, with its places.
      return ok(published?.ok ? `${adresseDeLaDemarche(ctx)}?fait=publication` : `${adresseDeLaDemarche(ctx)}/edition`)
    },
    again,
  )
}

/** Every box ticked: a form of sixty questions may change in more than the hundred places that `Form.all` gives. */
function cochees({ form }: Context): readonly string[] {
  const sent = form.fields.changements ?? []
  return typeof sent === 'string' ? [sent] : sent
}
