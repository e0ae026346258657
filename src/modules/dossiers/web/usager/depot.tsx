import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, page, type Route, redirect, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { ok, refuse } from '../../../../platform/refusal.ts'
import { Actions, Button, ButtonLink, ErrorSummary, Form, PrintButton, Receipt, StepIndicator, SummaryList } from '../../../../ui/index.ts'
import { parcours, Recapitulatif, recapitulatif } from '../../../formulaires/index.ts'
import { pageDe } from '../../../territoire/index.ts'
import { mentionsDeLAccuse } from '../../accuse.ts'
import { codeDuDossier } from '../../code.ts'
import { deposer, type Obstacle, obstacles } from '../../commands/deposer.ts'
import { effacerBrouillon } from '../../commands/essai.ts'
import { distanceDuDossier } from '../../horloges/distance.ts'
import { provenanceDesLignes } from '../../provenances.ts'
import { documentsDuDossier } from '../../queries/dossier.ts'
import { refusals } from '../../refusals.ts'
import { avecDossier, montrerDossier, type Ouvert, ouvrirPour } from './acces.ts'
import { Avis } from './avis.page.tsx'
import { BandeauDEssai, Changements } from './changements.page.tsx'
import { Obstacles } from './obstacles.page.tsx'
import { apresVerification, attendreVerification, fichiersAttendus } from './pieces-recues.ts'
import { type QuestionDAvis, questionDAvis } from './question-d-avis.ts'

const baseDe = (ouvert: Ouvert) => `${ouvert.collectivite.base}/brouillons/${ouvert.dossier.id}`

const lienVers = (base: string, at: { etape: string; rowId?: string | undefined; champ: string }) =>
  `${base}/etapes/${at.etape}${at.rowId ? `/lignes/${at.rowId}` : ''}?retour=verification#${at.champ}`

const obstaclesDe = ({ tx, collectivite, modele, dossier, env }: Ouvert) => obstacles(tx, collectivite.id, modele, dossier.reponses, env)

/** GET: all the answers on one page, each with its way back, before sending. Documents that are being verified are waited for a little, once. */
const verifier = (ctx: Context): Promise<Answer> =>
  apresVerification(ctx, isPatient =>
    montrerDossier(ctx, async ouvert => {
      if (ouvert.dossier.etat !== 'brouillon') return redirect(`${ouvert.collectivite.base}/dossiers/${ouvert.dossier.id}`)
      const found = await obstaclesDe(ouvert)
      const attendus = isPatient ? fichiersAttendus(found) : []
      return attendus.length > 0 ? { attendus } : page(await pageVerification(ctx, ouvert, found))
    }),
  )

function pageVerification(ctx: Context, ouvert: Ouvert, problemes: readonly Obstacle[], hasErrors = false): Promise<string> {
  const { collectivite, modele, dossier, env } = ouvert
  const base = baseDe(ouvert)
  const etapes = parcours(modele.formulaire, dossier.reponses, env)
  const last = etapes.at(-1)
  const toGive = problemes.find(({ fichier }) => !fichier)
  return pageDe(ctx.app, collectivite, {
    title: 'Vérifiez vos réponses',
    hasErrors,
    enhanced: true,
    noindex: true,
    chemin: [
      { texte: collectivite.nom, href: collectivite.base || '/' },
      { texte: modele.titre, href: `${collectivite.base}/demarches/${modele.id}` },
    ],
    children: (
      <>
        <StepIndicator etape={etapes.length + 1} total={etapes.length + 1} />
        {dossier.essai && <BandeauDEssai collectivite={collectivite} demarcheId={dossier.demarche_id} />}
        <Changements base={base} report={dossier.report} jeton={ctx.token} />
        <Obstacles obstacles={problemes} lien={p => lienVers(base, p)} ici={`${base}/verification`} />
        <Recapitulatif
          sections={recapitulatif(modele.formulaire, dossier.reponses, env)}
          changerHref={ligne => lienVers(base, ligne)}
          pieceHref={id => `${collectivite.base}/dossiers/${dossier.id}/pieces/${id}`}
          provenance={provenanceDesLignes(dossier.provenances)}
          recherche={`${collectivite.base}/recherche`}
        />
        {problemes.length === 0 && (
          <Form action={`${base}/depot`} jeton={ctx.token} cle={newSecret()}>
            <p>
              {dossier.essai
                ? 'C’est ici que la personne envoie sa demande. Terminer l’essai efface tout.'
                : 'En envoyant cette demande, vous recevez tout de suite un accusé de réception avec une référence.'}
            </p>
            <Actions>
              <Button>{dossier.essai ? 'Terminer l’essai' : 'Envoyer ma demande'}</Button>
              {last && (
                <ButtonLink href={`${base}/etapes/${last.etape.id}`} tone="secondary">
                  Précédent
                </ButtonLink>
              )}
            </Actions>
          </Form>
        )}
        {toGive && (
          <p>
            <ButtonLink href={lienVers(base, toGive)}>Compléter ma demande</ButtonLink>
          </p>
        )}
      </>
    ),
  })
}

/** POST: files the draft, once. A draft already filed leads to its receipt; one whose last document is being verified waits for it a little. */
async function envoyer(ctx: Context, isPatient = true): Promise<Answer> {
  const visitor = await ctx.visitor('usager')
  if (!visitor) return refused(notFound)
  const accuse = `${ctx.tenant.base}/dossiers/${ctx.params.id}/accuse`
  return once(
    ctx,
    ctx.form.secret('_cle', 80),
    'depot',
    async tx => {
      const ouvert = await ouvrirPour(ctx, tx, visitor, 'deposer')
      if (!ouvert) return refuse(notFound)
      if (ouvert.dossier.etat !== 'brouillon') return ok({ to: accuse })
      // What is being sent was read in another revision: it is read again, with what changed, before it counts.
      if (ouvert.estReporte) return ok({ to: `${baseDe(ouvert)}/verification` })
      if (ouvert.dossier.essai) {
        if ((await obstaclesDe(ouvert)).length > 0) return refuse(refusals.incomplet)
        await effacerBrouillon(tx, ouvert.collectivite.id, ouvert.dossier)
        return ok({ to: `${ouvert.collectivite.base}/agent/demarches/${ouvert.dossier.demarche_id}/edition?fait=essai` })
      }
      const done = await deposer(ctx.app, tx, ouvert.collectivite, ouvert.dossier, ouvert.modele, ouvert.auteur)
      return done.ok ? ok({ to: accuse }) : done
    },
    {
      personneId: visitor.personneId ?? undefined,
      onRefusal: async refusal => {
        if (refusal !== refusals.incomplet) return refused(refusal)
        const shown = await avecDossier(ctx, 'lire', async ouvert => {
          const found = await obstaclesDe(ouvert)
          const attendus = fichiersAttendus(found)
          // Its last document was verified meanwhile, or is about to be: nothing is left to say, so it is filed.
          if (attendus.length === found.length && (isPatient || found.length === 0)) return { attendus }
          return page(await pageVerification(ctx, ouvert, found, true), 422)
        })
        if (!shown || !('attendus' in shown)) return shown ?? refused(notFound)
        await attendreVerification(ctx.app, ctx.tenant.id, shown.attendus)
        return envoyer(ctx, false)
      },
    },
  )
}

/** GET: the receipt. */
async function voirAccuse(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'lire', async ouvert =>
    ouvert.dossier.depose_le ? page(await pageAccuse(ctx, ouvert)) : redirect(`${baseDe(ouvert)}/verification`),
  )
  return answer ?? refused(notFound)
}

/** The receipt, with what the law asks it to say (CRPA R112-11-1); with the question about the filing as it was refused, when it was. */
export async function pageAccuse(ctx: Context, ouvert: Ouvert, avis?: QuestionDAvis): Promise<string> {
  const { collectivite, dossier, modele, tx } = ouvert
  const mentions = mentionsDeLAccuse({ collectivite, modele, dossier, distance: distanceDuDossier({ collectivite, modele, dossier }) })
  const document = (await documentsDuDossier(tx, collectivite.id, dossier.id)).find(d => d.nature === 'accuse')
  return pageDe(ctx.app, collectivite, {
    title: 'Votre demande est envoyée',
    hasErrors: avis?.refus !== undefined,
    noindex: true,
    enhanced: true,
    chemin: [{ texte: collectivite.nom, href: collectivite.base || '/' }],
    children: (
      <>
        {avis?.refus && <ErrorSummary errors={[{ champ: 'note', message: avis.refus.message }]} />}
        <Receipt titre="Nous avons bien reçu votre demande" reference={dossier.reference} code={codeDuDossier(ctx.app.secrets, dossier)}>
          <p>Notez ces deux codes : ils servent à suivre votre demande, sur internet ou au téléphone.</p>
        </Receipt>
        {dossier.demandeur_courriel && <p>{`Un message part vers ${dossier.demandeur_courriel} avec ces informations.`}</p>}
        <Actions>
          <ButtonLink href={`${collectivite.base}/dossiers/${dossier.id}`}>Suivre ma demande</ButtonLink>
          {document && (
            <ButtonLink href={`${collectivite.base}/dossiers/${dossier.id}/documents/${document.id}`} tone="secondary">
              Télécharger l’accusé de réception (PDF)
            </ButtonLink>
          )}
          <PrintButton />
        </Actions>
        <Avis
          question={avis ?? (await questionDAvis(ouvert, 'depot'))}
          action={`${collectivite.base}/dossiers/${dossier.id}/avis`}
          jeton={ctx.token}
        />
        <h2>Accusé de réception</h2>
        <SummaryList rows={mentions.lignes} />
        {mentions.paragraphes.map(text => (
          <p key={text}>{text}</p>
        ))}
      </>
    ),
  })
}

/** POST: throws a draft away, for good. */
async function supprimer(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'changer', async ({ tx, collectivite, dossier }) => {
    if (dossier.etat !== 'brouillon') return refused(refusals.etat_change)
    await effacerBrouillon(tx, collectivite.id, dossier)
    return redirect(collectivite.base || '/')
  })
  return answer ?? refused(notFound)
}

const usager = { kind: 'usager' } as const

/** From the check of answers to the receipt. */
export const routesDepot: readonly Route[] = [
  { method: 'GET', path: '/brouillons/:id/verification', scope: 'collectivite', access: usager, handle: verifier },
  { method: 'POST', path: '/brouillons/:id/depot', scope: 'collectivite', access: usager, handle: envoyer },
  { method: 'POST', path: '/brouillons/:id/suppression', scope: 'collectivite', access: usager, handle: supprimer },
  { method: 'GET', path: '/dossiers/:id/accuse', scope: 'collectivite', access: usager, handle: voirAccuse },
]
