import type { Form } from '../../../../platform/http/form.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { courrierPdf } from '../../../../platform/pdf/courrier.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import type { ButtonTone } from '../../../../ui/index.ts'
import { pageAgent } from '../../../agents/index.ts'
import { AGENT, type SignatairePossible } from '../../../documents/index.ts'
import { situationDe } from '../../commands/advance.ts'
import { type Cas, decider, remettre, rouvrir } from '../../commands/instruire.ts'
import { transition } from '../../dossier.ts'
import { documentDeLaDecision } from '../../pdf/decision.ts'
import { adresseDesDossiers, adresseDuDossier, agir, enErreur, lire, noterLecture } from './acces.ts'
import { Confirmation, type DecisionProps } from './decision.page.tsx'

/** An act confirmed on a page of its own. */
interface Acte {
  readonly chemin: string
  readonly nature: 'accepter' | 'refuser' | 'classer_sans_suite' | 'rouvrir' | 'repasser_en_construction'
  readonly titre: string
  readonly explication: string
  readonly motif: { readonly label: string; readonly hint: string; readonly optional: boolean }
  readonly bouton: { readonly texte: string; readonly tone: ButtonTone }
}

const LU_PAR_LA_PERSONNE = 'La personne lira ces mots dans le document.'

/** The acts that end or reopen a dossier, by the last segment of their address. */
export const DECISIONS: readonly Acte[] = [
  {
    chemin: 'acceptation',
    nature: 'accepter',
    titre: 'Accepter la demande',
    explication: 'Un document est établi et la personne est prévenue par courriel.',
    motif: { label: 'Précisions', hint: LU_PAR_LA_PERSONNE, optional: true },
    bouton: { texte: 'Accepter la demande', tone: 'primary' },
  },
  {
    chemin: 'refus',
    nature: 'refuser',
    titre: 'Refuser la demande',
    explication: 'Un document est établi avec le motif et les voies de recours. La personne est prévenue par courriel.',
    motif: { label: 'Motif du refus', hint: `La loi demande de l’écrire. ${LU_PAR_LA_PERSONNE}`, optional: false },
    bouton: { texte: 'Refuser la demande', tone: 'danger' },
  },
  {
    chemin: 'classement',
    nature: 'classer_sans_suite',
    titre: 'Classer sans suite',
    explication: 'Pour une demande abandonnée, faite deux fois ou devenue sans objet. La personne est prévenue par courriel.',
    motif: { label: 'Motif du classement', hint: LU_PAR_LA_PERSONNE, optional: false },
    bouton: { texte: 'Classer sans suite', tone: 'danger' },
  },
  {
    chemin: 'reouverture',
    nature: 'rouvrir',
    titre: 'Rouvrir le dossier',
    explication: 'La décision actuelle est révoquée et le dossier revient en cours d’examen. La personne est prévenue par courriel.',
    motif: { label: 'Motif de la réouverture', hint: 'La personne lira ces mots dans le courriel.', optional: false },
    bouton: { texte: 'Rouvrir le dossier', tone: 'primary' },
  },
]

/** Puts a dossier back among those to take: who handles may, without deciding. */
export const RETOUR: Acte = {
  chemin: 'retour',
  nature: 'repasser_en_construction',
  titre: 'Remettre à prendre en charge',
  explication: 'Le dossier redevient « Reçu » et n’est plus à personne. L’usager le voit dans son suivi.',
  motif: { label: 'Motif', hint: 'Il reste dans l’historique du dossier.', optional: true },
  bouton: { texte: 'Remettre à prendre en charge', tone: 'primary' },
}

/** GET: the page of confirmation of an act. */
export const montrerDecision =
  (acte: Acte) =>
  (ctx: Context): Promise<Answer> =>
    lire(ctx, cas => pageDeDecision(ctx, cas, acte))

/** POST: the act. */
export const prendreDecision =
  (acte: Acte) =>
  (ctx: Context): Promise<Answer> => {
    const motif = ctx.form.text('motif')
    const work = (cas: Cas) => {
      if (acte.nature === 'rouvrir') return rouvrir(cas, motif)
      if (acte.nature === 'repasser_en_construction') return remettre(cas, motif)
      return decider(cas, acte.nature, motif, signataireChoisi(ctx.form))
    }
    return agir(ctx, acte.chemin, work, refusal => lire(ctx, cas => pageDeDecision(ctx, cas, acte, refusal)))
  }

/** Who signs, as chosen on the page; undefined when there was no choice. */
const signataireChoisi = (form: Form): string | undefined => form.line('signataire', 40) || undefined

/** The acts that issue a document, which is seen before. */
export const EMETTEURS = DECISIONS.filter(({ nature }) => nature !== 'rouvrir')

/** GET …/acceptation/document: what would be issued now, marked as a specimen; the reason is not written yet. */
export const montrerDocument =
  (acte: Acte) =>
  (ctx: Context): Promise<Answer> =>
    lire(ctx, async cas => {
      const possible = transition(situationDe(cas.dossier), { nature: acte.nature, auteur: 'agent', motif: 'x' }, cas.modele.regime)
      if (!possible.ok) return refused(possible.refusal)
      const made = await documentDe(ctx, cas, acte, signataireChoisi(ctx.query))
      if (!made) return refused(notFound)
      await noterLecture(ctx, cas.tx, 'decision.lire', `dossier:${cas.dossier.id}`)
      const headers = { 'content-disposition': `attachment; filename="specimen-${cas.dossier.reference}.pdf"` }
      return { bytes: Buffer.from(courrierPdf({ ...made.courrier, specimen: true })), type: 'application/pdf', headers }
    })

async function documentDe(ctx: Context, cas: Cas, { nature, motif }: Acte, signataire?: string) {
  if (nature === 'rouvrir' || nature === 'repasser_en_construction') return undefined
  const words = motif.optional ? null : `(${motif.label.toLowerCase()}, que vous allez écrire)`
  const asked = { nature, le: ctx.app.clock.now(), motif: words, auteur: ctx.agent.nom }
  const made = await documentDeLaDecision(cas, asked)
  if (signataire === undefined || !made.texte.possibles.some(({ id }) => id === signataire)) return made
  return documentDeLaDecision(cas, { ...asked, signataire })
}

async function documentMontre(ctx: Context, cas: Cas, acte: Acte): Promise<DecisionProps['document']> {
  const made = await documentDe(ctx, cas, acte)
  if (!made) return undefined
  const { titre, blocs, ecarte, possibles } = made.texte
  return {
    titre,
    paragraphes: blocs.flatMap(bloc => (bloc.type === 'liste' ? bloc.elements : [bloc.texte])),
    href: `${adresseDuDossier(ctx)}/${acte.chemin}/document`,
    ecarte,
    signataires: possibles.map(one => ({ value: one.id, label: nomDuSignataire(ctx, one) })),
  }
}

/** Who signs, in words. */
export const nomDuSignataire = (ctx: Context, { id, nom, qualite }: SignatairePossible): string =>
  id === AGENT ? `${ctx.agent.nom} (vous)` : `${nom}, ${qualite}`

async function pageDeDecision(ctx: Context, cas: Cas, acte: Acte, refusal?: Refusal): Promise<Answer> {
  const { dossier, modele } = cas
  const typed = refusal ? ctx.form.text('motif') : ''
  const situation = situationDe(dossier)
  const possible = transition(situation, { nature: acte.nature, auteur: 'agent', motif: 'x' }, modele.regime)
  // The dossier went on without us: what was typed is given back with the reason.
  if (!possible.ok) return refused(refusal ?? possible.refusal, typed ? { motif: typed } : undefined)
  const href = adresseDuDossier(ctx)
  const children = (
    <Confirmation
      action={`${href}/${acte.chemin}`}
      retour={href}
      jeton={ctx.token}
      cle={newSecret()}
      version={dossier.version}
      erreurs={refusal ? [enErreur(refusal)] : []}
      explication={acte.explication}
      signataire={refusal ? ctx.form.line('signataire', 40) : ''}
      document={await documentMontre(ctx, cas, acte)}
      motif={{ ...acte.motif, value: typed }}
      bouton={acte.bouton}
    />
  )
  const chemin = [
    { texte: 'Dossiers', href: adresseDesDossiers(ctx) },
    { texte: dossier.demandeur_nom || dossier.reference, href },
  ]
  return pageAgent(ctx, { title: acte.titre, hasErrors: refusal !== undefined, chemin, children }, ctx.agent, refusal?.status ?? 200)
}
