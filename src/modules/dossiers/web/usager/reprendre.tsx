import { type Answer, type Context, notFound, type Route, redirect, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { type Demarche, demarche, edition, lireDemarche } from '../../../demarches/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { envDuDossier } from '../../commands/deposer.ts'
import { propositionsLues, sansEngagements } from '../../preremplir.ts'
import { provenancesDe } from '../../provenances.ts'
import { jour, precedent } from '../../queries/precedent.ts'
import { refusals } from '../../refusals.ts'
import { avecDossier } from './acces.ts'
import { ouvrirUneFois, premiereEtape } from './ouverture.ts'
import type { RepriseProps } from './reprendre.page.tsx'

/** What the first page offers to a person who signed in and filed before; undefined for anybody else, without asking the database anything. */
export async function repriseDe(ctx: Context, { id, modele }: Demarche): Promise<RepriseProps | undefined> {
  const visitor = await ctx.visitor('usager')
  if (!visitor?.personneId) return undefined
  const env = envDuDossier(ctx.app, collectiviteDe(ctx), modele)
  const found = await precedent(ctx.app, visitor.personneId, modele, env)
  if (!found) return undefined
  const lignes = propositionsLues(modele, env, found.reponses).flatMap(section => section.lignes)
  return {
    action: `${ctx.tenant.base}/demarches/${id}/reprise`,
    jeton: ctx.token,
    cle: newSecret(),
    le: found.le,
    reponses: lignes.map(({ libelle, valeur }) => ({ cle: libelle, valeur: valeur.replaceAll('\n', ', ') })),
  }
}

/** POST: the person said yes: a draft with what they said of themselves before, each answer with its provenance. */
async function reprendre(ctx: Context): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const offre = await lireDemarche(ctx.app, collectivite.id, ctx.params.demarche ?? '')
  if (!offre) return refused(notFound)
  if (!offre.estOuverte) return refused(refusals.demarche_fermee)
  const { modele } = offre
  const env = envDuDossier(ctx.app, collectivite, modele)
  const visitor = await ctx.visitor('usager')
  const found = visitor?.personneId ? await precedent(ctx.app, visitor.personneId, modele, env) : undefined
  if (!found) return redirect(`${ctx.tenant.base}/demarches/${offre.id}/commencer`)
  const provenances = provenancesDe(found.reponses, `votre demande ${found.reference} du ${found.le}`)
  const debut = { demarche: offre, reponses: found.reponses, provenances, suite: () => premiereEtape(modele, found.reponses, env) }
  return ouvrirUneFois(ctx, debut, ctx.form.secret('_cle', 80))
}

/** POST: another dossier with the answers of this one, in the present revision; its documents and commitments are given again. */
async function refaire(ctx: Context): Promise<Answer> {
  const before = await avecDossier(ctx, 'lire', async ({ tx, collectivite, dossier, modele }) => ({
    dossier,
    modele,
    offre: await demarche(tx, collectivite.id, dossier.demarche_id),
  }))
  if (!before?.dossier.depose_le) return refused(notFound)
  const { dossier, modele: ancien, offre } = before
  if (!offre?.estOuverte) return refused(refusals.demarche_fermee)
  const collectivite = collectiviteDe(ctx)
  const env = envDuDossier(ctx.app, collectivite, offre.modele)
  const carried = edition.reporter(
    ancien,
    offre.modele,
    sansEngagements(ancien, envDuDossier(ctx.app, collectivite, ancien), dossier.reponses),
  )
  const reponses = sansEngagements(offre.modele, env, carried.reponses)
  const { changements, ecartees } = carried
  return ouvrirUneFois(
    ctx,
    {
      demarche: offre,
      reponses,
      provenances: provenancesDe(reponses, `votre demande ${dossier.reference} du ${jour(dossier.depose_le!, collectivite)}`),
      report: dossier.definition !== offre.definition && changements.length > 0 ? { changements, ecartees } : null,
      suite: () => 'verification',
    },
    ctx.form.secret('_cle', 80),
  )
}

/** Beginning with what was answered before. */
export const routesReprendre: readonly Route[] = [
  {
    method: 'POST',
    path: '/demarches/:demarche/reprise',
    scope: 'collectivite',
    access: { kind: 'public' },
    perIp: 120,
    handle: reprendre,
  },
  { method: 'POST', path: '/dossiers/:id/copie', scope: 'collectivite', access: { kind: 'usager' }, handle: refaire },
]
