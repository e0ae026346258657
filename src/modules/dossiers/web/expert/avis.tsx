import { payloadHash, record } from '../../../../platform/audit/journal.ts'
import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { openFile } from '../../../../platform/files/index.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, page, type Route, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { ok, refuse } from '../../../../platform/refusal.ts'
import type { FieldError } from '../../../../ui/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { collectiviteDe, pageDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { rendreAvis } from '../../commands/avis-externe.ts'
import type { Cas } from '../../commands/instruire.ts'
import { estTermine } from '../../dossier.ts'
import { piecesDe } from '../../pieces.ts'
import { avisParJeton } from '../../queries/avis-externe.ts'
import { casDuDossier, reponsesLues } from '../../queries/cas.ts'
import type { DemandeAvisRow } from '../../tables.ts'
import { garderFichiers, recevoir, sansCorps } from '../fichiers-joints.ts'
import { PageDAvis } from './avis.page.tsx'

interface Ouvert {
  readonly cas: Cas
  readonly avis: DemandeAvisRow
}

/** What the link of the route opens; undefined when it opens nothing (any more), whatever the reason. */
async function ouvrir(ctx: Context, tx: Tx, lock = false): Promise<Ouvert | undefined> {
  const avis = await avisParJeton(tx, ctx.tenant.id, ctx.params.jeton ?? '', ctx.app.clock.now())
  if (!avis) return undefined
  const auteur = { nature: 'expert', id: avis.id, canal: 'web' } as const
  const cas = await casDuDossier(ctx.app, tx, collectiviteDe(ctx), avis.dossier_id, auteur, lock)
  return cas && !cas.dossier.cache_le ? { cas, avis } : undefined
}

const avecAvis = (ctx: Context, work: (ouvert: Ouvert) => Promise<Answer>): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const ouvert = await ouvrir(ctx, tx)
    return ouvert ? work(ouvert) : refused(notFound)
  })

const adresse = (ctx: Context) => `${ctx.tenant.base}/avis/${ctx.params.jeton}`

/** The documents shown: those chosen by the agent that are still among the answers. */
const documentsMontres = ({ cas, avis }: Ouvert) =>
  piecesDe(cas.modele.formulaire, cas.dossier.reponses).filter(({ piece }) => avis.pieces.includes(piece.id))

interface Refusee {
  readonly erreurs: readonly FieldError[]
  readonly status: number
  readonly saisie: { readonly reponse: string; readonly texte: string }
}

async function laPage(ctx: Context, ouvert: Ouvert, refusee?: Refusee): Promise<Answer> {
  const { cas, avis } = ouvert
  const { collectivite, dossier, modele } = cas
  const sections = reponsesLues(cas)
    .filter(({ etape }) => avis.etapes.includes(etape))
    .map(section => ({ ...section, lignes: section.lignes.filter(({ pieces }) => !pieces) }))
  const html = await pageDe(ctx.app, collectivite, {
    title: 'Votre avis est demandé',
    noindex: true,
    enhanced: true,
    hasErrors: refusee !== undefined,
    children: (
      <PageDAvis
        action={adresse(ctx)}
        jeton={ctx.token}
        cle={newSecret()}
        faits={[
          { cle: 'Demandé par', valeur: collectivite.nom },
          { cle: 'À', valeur: avis.expert_nom },
          { cle: 'Dossier', valeur: `${modele.titre}, ${dossier.reference}` },
          { cle: 'Réponse attendue avant le', valeur: dates.longDate(avis.echeance) },
        ]}
        question={avis.question}
        nature={avis.nature}
        sections={sections.filter(({ lignes }) => lignes.length > 0)}
        documents={documentsMontres(ouvert).map(({ piece }) => ({ texte: piece.nom, href: `${adresse(ctx)}/pieces/${piece.id}` }))}
        rendu={avis.rendue_le ? `Vous avez répondu le ${instantEnMots(avis.rendue_le, collectivite)}.` : undefined}
        estMontre={!avis.est_confidentielle}
        estClos={estTermine(dossier.etat)}
        vientDEtreEnvoye={ctx.method === 'GET' && ctx.query.has('envoye')}
        erreurs={refusee?.erreurs ?? []}
        saisie={{
          reponse: refusee?.saisie.reponse ?? avis.reponse ?? '',
          texte: refusee?.saisie.texte ?? avis.texte ?? '',
          piece: avis.piece?.nom,
        }}
      />
    ),
  })
  return page(html, refusee?.status)
}

/** GET /avis/:jeton: the question and what is shown with it. A reading of the dossier, told to the person like those of agents. */
const montrer = (ctx: Context): Promise<Answer> =>
  avecAvis(ctx, async ouvert => {
    await noter(ctx, ouvert, 'dossier.lire')
    return laPage(ctx, ouvert)
  })

const noter = (ctx: Context, { cas, avis }: Ouvert, action: 'dossier.lire' | 'piece.lire') =>
  record(cas.tx, ctx.tenant.id, ctx.app.clock.now(), {
    acteur: `expert:${avis.id}`,
    action,
    objet: `dossier:${cas.dossier.id}`,
    empreinte: payloadHash({}),
  })

/** POST /avis/:jeton: the opinion, given or corrected. */
async function envoyer(ctx: Context): Promise<Answer> {
  // An unknown link takes no file.
  const known = await inTenant(ctx.app.db, ctx.tenant.id, tx => ouvrir(ctx, tx))
  if (!known) return sansCorps(ctx)
  const { form, files, erreurs, empreinte } = await recevoir(ctx, 'fichier', 1)
  const saisie = { reponse: form.line('reponse', 3), texte: form.text('texte') }
  const remontrer = (wrong: readonly FieldError[], status: number) =>
    avecAvis(ctx, ouvert => laPage(ctx, ouvert, { erreurs: wrong, status, saisie }))
  if (erreurs.length > 0) return remontrer(erreurs, 422)
  return once(
    ctx,
    form.secret('_cle', 64),
    { ...saisie, empreinte },
    async tx => {
      const ouvert = await ouvrir(ctx, tx, true)
      if (!ouvert) return refuse(notFound)
      const [piece = null] = await garderFichiers(ctx.app, tx, files)
      const reponse = saisie.reponse === 'oui' || saisie.reponse === 'non' ? saisie.reponse : null
      const done = await rendreAvis(ouvert.cas, ouvert.avis, { reponse, texte: saisie.texte, piece })
      return done.ok ? ok({ to: `${adresse(ctx)}?envoye=1` }) : done
    },
    {
      onRefusal: refusal =>
        refusal === notFound ? refused(notFound) : remontrer([{ champ: refusal.field ?? '', message: refusal.sentence }], refusal.status),
    },
  )
}

/** GET /avis/:jeton/pieces/:fichier: a document that the agent chose to show. */
const servir = (ctx: Context): Promise<Answer> =>
  avecAvis(ctx, async ouvert => {
    const found = documentsMontres(ouvert).find(({ piece }) => piece.id === ctx.params.fichier)
    if (!found) return refused(notFound)
    await noter(ctx, ouvert, 'piece.lire')
    const opened = await openFile(ctx.app.files, ouvert.cas.tx, { collectiviteId: ctx.tenant.id, fichierId: found.piece.id })
    return opened.ok ? { file: opened.value } : refused(opened.refusal)
  })

const scope = 'collectivite'
const access = { kind: 'public' } as const
// A service of the State may answer for a whole département from one address.
const perIp = 300

/** What someone whose opinion is asked opens with their link. */
export const routesExpert: readonly Route[] = [
  { method: 'GET', path: '/avis/:jeton', scope, access, perIp, handle: montrer },
  { method: 'POST', path: '/avis/:jeton', scope, access, perIp, body: 'files', handle: envoyer },
  { method: 'GET', path: '/avis/:jeton/pieces/:fichier', scope, access, perIp, handle: servir },
]
