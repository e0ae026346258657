import type { Form } from '../../../../platform/http/form.ts'
import { type Answer, type Context, refused } from '../../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { courrierPdf } from '../../../../platform/pdf/courrier.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { pageAgent } from '../../../agents/index.ts'
import { bornes, type Contenu, courriersProposes, estTypeDeBloc } from '../../../documents/index.ts'
import { situationDe } from '../../commands/advance.ts'
import { envoyerCourrier, lireCourrier } from '../../commands/courrier.ts'
import type { Cas } from '../../commands/instruire.ts'
import { transition } from '../../dossier.ts'
import { blocsAEcrire, courrierDeLAgent } from '../../pdf/courrier.ts'
import { redigerPour } from '../../queries/redaction.ts'
import { adresseDuDossier, agir, chemins, enErreur, lire, noterLecture } from './acces.ts'
import { ChoixDuTexte, EcrireUnCourrier } from './courrier.page.tsx'
import { nomDuSignataire } from './decision.tsx'

/** GET …/courriers: which text to begin from, then the letter to write. */
export const montrerCourrier = (ctx: Context): Promise<Answer> =>
  lire(ctx, async cas => {
    const proposes = await courriersProposes(cas.tx, ctx.tenant.id, cas.dossier.demarche_id)
    return proposes.length > 0 && !ctx.query.has('texte') ? pageDuChoix(ctx, cas, proposes) : pageDuCourrier(ctx, cas)
  })

/** POST …/courriers: sends it. */
export const envoyer = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    'courrier',
    async cas => {
      const { gabarit } = await texteDe(ctx, cas, ctx.form)
      return envoyerCourrier(cas, { ...lireSaisie(ctx.form), gabarit })
    },
    refusal => lire(ctx, cas => pageDuCourrier(ctx, cas, refusal)),
  )

/** POST …/courriers/essai: the letter as it would be printed, marked as a specimen; nothing is written but that it was read. */
export const essayerCourrier = (ctx: Context): Promise<Answer> =>
  lire(ctx, async cas => {
    const saisie = lireSaisie(ctx.form)
    const lu = lireCourrier(saisie)
    if (!lu.ok) return pageDuCourrier(ctx, cas, lu.refusal)
    const { gabarit, possibles } = await texteDe(ctx, cas, ctx.form)
    const signataire = possibles.some(({ id }) => id === saisie.signataire) ? saisie.signataire : undefined
    const courrier = await courrierDeLAgent(cas, { ...lu.value, gabarit, signataire }, ctx.app.clock.now(), ctx.agent.nom)
    await noterLecture(ctx, cas.tx, 'courrier.lire', `dossier:${cas.dossier.id}`)
    const headers = { 'content-disposition': `attachment; filename="specimen-${cas.dossier.reference}.pdf"` }
    return { bytes: Buffer.from(courrierPdf({ ...courrier, specimen: true })), type: 'application/pdf', headers }
  })

// A text withdrawn since, or of another démarche, is as good as none: the one by default says who signs.
function texteDe(ctx: Context, cas: Cas, form: Form) {
  const id = form.line('texte', 40)
  return redigerPour(cas, 'document.courrier', { agent: ctx.agent.nom }, undefined, isUuid(id) ? id : null)
}

function lireSaisie(form: Form) {
  const nombre = form.number('blocs', 0, 0, bornes.blocs)
  const blocs: Contenu['blocs'] = Array.from({ length: nombre }, (_, rank) => {
    const type = form.line(`b${rank}-type`, 20)
    return { type: estTypeDeBloc(type) ? type : ('paragraphe' as const), texte: form.text(`b${rank}-texte`, 20_000) }
  })
  const signataire = form.line('signataire', 40) || undefined
  return { titre: form.line('titre', 1000), blocs: blocs.filter(({ texte }) => texte.trim()), signataire }
}

function pageDuChoix(ctx: Context, cas: Cas, proposes: Awaited<ReturnType<typeof courriersProposes>>): Promise<Answer> {
  const href = `${adresseDuDossier(ctx)}/courriers`
  const items = [
    ...proposes.map(({ id, titre, pourToutes }) => ({
      texte: titre,
      href: `${href}?texte=${id}`,
      description: pourToutes ? 'Pour toutes les démarches' : cas.modele.titre,
    })),
    { texte: 'Une page presque blanche', href: `${href}?texte=blanc`, description: 'Le destinataire et la référence y sont déjà.' },
  ]
  return pageAgent(
    ctx,
    { title: 'Écrire un courrier', chemin: chemins(ctx, cas.dossier), children: <ChoixDuTexte items={items} /> },
    ctx.agent,
  )
}

async function pageDuCourrier(ctx: Context, cas: Cas, refusal?: Refusal): Promise<Answer> {
  const { dossier, modele } = cas
  const source = ctx.method === 'GET' ? ctx.query : ctx.form
  const texte = await texteDe(ctx, cas, source)
  const saisie =
    ctx.method === 'GET' ? { titre: texte.titre, blocs: blocsAEcrire(texte.blocs), signataire: undefined } : lireSaisie(ctx.form)
  const possible = transition(situationDe(dossier), { nature: 'envoyer_courrier', auteur: 'agent' }, modele.regime)
  const typed = { titre: saisie.titre, texte: saisie.blocs.map(bloc => bloc.texte).join('\n\n') }
  if (!possible.ok) return refused(refusal ?? possible.refusal, ctx.method === 'GET' ? undefined : typed)
  const href = adresseDuDossier(ctx)
  const children = (
    <EcrireUnCourrier
      {...{ action: `${href}/courriers`, retour: href, jeton: ctx.token, cle: newSecret(), version: dossier.version }}
      texte={source.line('texte', 40)}
      titre={saisie.titre}
      blocs={saisie.blocs}
      signataires={texte.possibles.map(one => ({ value: one.id, label: nomDuSignataire(ctx, one) }))}
      signataire={saisie.signataire}
      ecarte={texte.ecarte}
      aUneAdresse={dossier.demandeur_courriel !== null}
      erreurs={refusal ? [enErreur(refusal)] : []}
    />
  )
  const page = { title: 'Écrire un courrier', hasErrors: refusal !== undefined, chemin: chemins(ctx, dossier), children }
  return pageAgent(ctx, page, ctx.agent, refusal?.status ?? 200)
}
