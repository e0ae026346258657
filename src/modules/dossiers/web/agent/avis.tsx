import { openFile } from '../../../../platform/files/index.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { type Refusal, type Result, refuse } from '../../../../platform/refusal.ts'
import type { Option } from '../../../../ui/index.ts'
import { pageAgent } from '../../../agents/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { situationDe } from '../../commands/advance.ts'
import { demanderAvis, relancerAvis, retirerAvis } from '../../commands/avis-externe.ts'
import type { Cas } from '../../commands/instruire.ts'
import { transition } from '../../dossier.ts'
import { piecesDe } from '../../pieces.ts'
import { avisDuDossier } from '../../queries/avis-externe.ts'
import { reponsesLues } from '../../queries/cas.ts'
import type { DemandeAvisRow } from '../../tables.ts'
import { adresseDuDossier, agir, aujourdhui, chemins, enErreur, jourTape, lire, noterLecture } from './acces.ts'
import { DemandeDAvis, type DemandeDAvisProps, RAPPELS } from './avis.page.tsx'

const DELAI_JOURS = 15

/** GET …/avis: the form, a fortnight given by default, nothing shown unless the agent says so. */
export const montrerDemande = (ctx: Context): Promise<Answer> =>
  lire(ctx, cas =>
    laPage(ctx, cas, {
      ...{ nom: '', courriel: '', question: '', nature: 'oui_non', etapes: [], pieces: [], estConfidentielle: true, rappel: '3' },
      echeance: dates.addDays(aujourdhui(ctx), DELAI_JOURS) ?? '',
    }),
  )

/** POST …/avis: asks. */
export function demander(ctx: Context): Promise<Answer> {
  const { form } = ctx
  const saisie = {
    nom: form.line('expert_nom', 120),
    courriel: form.line('expert_courriel', 254),
    question: form.text('question', 2000),
    nature: form.line('nature', 10),
    etapes: form.all('etapes', 60),
    pieces: form.all('pieces', 36),
    estConfidentielle: form.has('confidentielle'),
    rappel: form.line('rappel', 2),
    echeance: { jour: form.line('echeance-jour', 2), mois: form.line('echeance-mois', 2), annee: form.line('echeance-annee', 4) },
  }
  return agir(
    ctx,
    'avis',
    cas => {
      const { etapes, pieces } = partageables(cas)
      return demanderAvis(cas, {
        question: saisie.question,
        nature: saisie.nature === 'libre' ? 'libre' : 'oui_non',
        expertNom: saisie.nom,
        expertCourriel: saisie.courriel,
        etapes: etapes.map(({ value }) => value).filter(value => saisie.etapes.includes(value)),
        pieces: pieces.map(({ value }) => value).filter(value => saisie.pieces.includes(value)),
        estConfidentielle: saisie.estConfidentielle,
        echeance: jourTape(saisie.echeance),
        rappelJours: RAPPELS.some(({ value }) => value === saisie.rappel) ? Number(saisie.rappel) : null,
      })
    },
    refusal => lire(ctx, cas => laPage(ctx, cas, saisie, refusal)),
  )
}

/** What may be shown to an expert: the answers of the public form by étape, and its documents. */
function partageables(cas: Cas): { etapes: Option[]; pieces: Option[] } {
  const sections = reponsesLues(cas).filter(({ lignes }) => lignes.length > 0)
  const etapes = new Map(sections.map(({ etape }) => [etape, cas.modele.formulaire.etapes.find(({ id }) => id === etape)?.titre ?? etape]))
  return {
    etapes: [...etapes].map(([value, label]) => ({ value, label })),
    pieces: piecesDe(cas.modele.formulaire, cas.dossier.reponses).map(({ piece }) => ({ value: piece.id, label: piece.nom })),
  }
}

async function laPage(ctx: Context, cas: Cas, saisie: DemandeDAvisProps['saisie'], refusal?: Refusal): Promise<Answer> {
  const { dossier, modele } = cas
  const possible = transition(situationDe(dossier), { nature: 'demander_avis', auteur: 'agent' }, modele.regime)
  if (!possible.ok) return refused(possible.refusal, saisie.question ? { question: saisie.question } : undefined)
  const href = adresseDuDossier(ctx)
  const children = (
    <DemandeDAvis
      {...{ action: `${href}/avis`, retour: href, jeton: ctx.token, cle: newSecret(), version: dossier.version, saisie }}
      {...partageables(cas)}
      erreurs={refusal ? [enErreur(refusal)] : []}
    />
  )
  const hasErrors = refusal !== undefined
  return pageAgent(ctx, { title: 'Demander un avis', hasErrors, chemin: chemins(ctx, dossier), children }, ctx.agent, refusal?.status)
}

const surUnAvis = (ctx: Context, fait: string, work: (cas: Cas, avis: DemandeAvisRow) => Promise<Result<unknown>>): Promise<Answer> =>
  agir(
    ctx,
    fait,
    async cas => {
      const avis = (await avisDuDossier(cas.tx, ctx.tenant.id, cas.dossier.id)).find(({ id }) => id === ctx.params.avis)
      return avis ? work(cas, avis) : refuse(notFound)
    },
    refusal => Promise.resolve(refused(refusal)),
  )

/** POST …/avis/:avis/rappel: the same link again. */
export const relancer = (ctx: Context): Promise<Answer> => surUnAvis(ctx, 'rappel', relancerAvis)

/** POST …/avis/:avis/retrait. */
export const retirer = (ctx: Context): Promise<Answer> => surUnAvis(ctx, 'avis-retire', retirerAvis)

/** GET …/avis/:avis/fichier: what the expert joined. */
export const servirFichierDAvis = (ctx: Context): Promise<Answer> =>
  lire(ctx, async ({ tx, dossier }) => {
    const avis = (await avisDuDossier(tx, ctx.tenant.id, dossier.id)).find(({ id }) => id === ctx.params.avis)
    if (!avis?.piece) return refused(notFound)
    await noterLecture(ctx, tx, 'piece.lire', `dossier:${dossier.id}`)
    const opened = await openFile(ctx.app.files, tx, { collectiviteId: ctx.tenant.id, fichierId: avis.piece.id })
    return opened.ok ? { file: opened.value } : refused(opened.refusal)
  })
