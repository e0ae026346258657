import { sql } from 'kysely'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, page, type Route, redirect, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { ok, refuse } from '../../../../platform/refusal.ts'
import { Actions, Button, ButtonLink, ErrorSummary, Form, Notice } from '../../../../ui/index.ts'
import {
  acceptEtape,
  ChampsDeLEtape,
  dates,
  type Erreur,
  parcours,
  Recapitulatif,
  type Reponses,
  recapitulatif,
  type Saisie,
} from '../../../formulaires/index.ts'
import { pageDe } from '../../../territoire/index.ts'
import { type Obstacle, obstacles } from '../../commands/deposer.ts'
import { repondreCorrection } from '../../commands/instruire.ts'
import { correctionsDuDossier } from '../../queries/dossier.ts'
import { refusals } from '../../refusals.ts'
import type { CorrectionRow } from '../../tables.ts'
import { avecDossier, type Ouvert, ouvrirPour } from './acces.ts'
import { Obstacles } from './obstacles.page.tsx'
import {
  apresVerification,
  attendreVerification,
  chercherReponses,
  envAvec,
  fichiersAttendus,
  joindre,
  lireEnvoi,
  reunir,
} from './pieces-recues.ts'

/**
 * A correction is answered on the étapes that hold the answers to correct, with the form's own rules, one page after the other. What is
 * being corrected is kept aside (`reponses_correction`) until it is sent: the agent never sees it half done.
 */
interface EnCorrection extends Ouvert {
  readonly correction: CorrectionRow
  readonly reponses: Reponses
}

async function enCorrection(ouvert: Ouvert): Promise<EnCorrection | undefined> {
  const correction = (await correctionsDuDossier(ouvert.tx, ouvert.collectivite.id, ouvert.dossier.id)).find(c => c.repondue_le === null)
  if (!correction) return undefined
  const { rows } = await sql<{ r: Reponses | null }>`select reponses_correction as r from dossier
    where collectivite_id = ${ouvert.collectivite.id} and id = ${ouvert.dossier.id}`.execute(ouvert.tx)
  return { ...ouvert, correction, reponses: rows[0]?.r ?? ouvert.dossier.reponses }
}

const garderCorrection = (c: EnCorrection, reponses: Reponses) =>
  sql`update dossier set reponses_correction = ${JSON.stringify(reponses)} where collectivite_id = ${c.collectivite.id} and id = ${c.dossier.id}`.execute(
    c.tx,
  )

const baseDe = (o: Ouvert) => `${o.collectivite.base}/dossiers/${o.dossier.id}`

/** The étapes (and rows) with something to correct. */
function pagesACorriger(c: EnCorrection): { etape: string; rowId: string | undefined; titre: string }[] {
  const wanted = new Set(c.correction.champs)
  return parcours(c.modele.formulaire, c.reponses, c.env).flatMap((vue): { etape: string; rowId: string | undefined; titre: string }[] => {
    if (!vue.etape.champs.some(champ => wanted.has(champ.id))) return []
    if (!vue.etape.repetition) return [{ etape: vue.etape.id, rowId: undefined, titre: vue.etape.titre }]
    return vue.lignes.map(l => ({ etape: vue.etape.id, rowId: l.id, titre: `${vue.etape.titre} : ${l.titre}` }))
  })
}

const lien = (base: string, at: { etape: string; rowId?: string | undefined }) =>
  `${base}/correction/${at.etape}${at.rowId ? `/${at.rowId}` : ''}`

/** GET: what is asked, the answers as they are now, and where to change them. */
const voir = (ctx: Context): Promise<Answer> =>
  apresVerification(ctx, isPatient =>
    avecDossier(ctx, 'lire', async ouvert => {
      const c = await enCorrection(ouvert)
      if (!c) return redirect(baseDe(ouvert))
      const found = await obstacles(c.tx, c.collectivite.id, c.modele, c.reponses, c.env)
      const attendus = isPatient ? fichiersAttendus(found) : []
      return attendus.length > 0 ? { attendus } : page(await pageCorrection(ctx, c, found))
    }),
  )

function pageCorrection(ctx: Context, c: EnCorrection, problemes: readonly Obstacle[]): Promise<string> {
  const base = baseDe(c)
  const pages = pagesACorriger(c)
  const concerned = new Set(pages.map(p => `${p.etape}|${p.rowId ?? ''}`))
  const retour = (
    <ButtonLink href={base} tone="secondary">
      Revenir au dossier
    </ButtonLink>
  )
  return pageDe(ctx.app, c.collectivite, {
    title: 'Corriger ma demande',
    noindex: true,
    enhanced: true,
    chemin: [
      { texte: c.collectivite.nom, href: c.collectivite.base || '/' },
      { texte: c.modele.titre, href: base },
    ],
    children: (
      <>
        <Notice tone="attention" title={`À renvoyer avant le ${dates.longDate(c.correction.echeance)}`}>
          <p>{c.correction.message}</p>
        </Notice>
        <Obstacles obstacles={problemes} lien={p => lien(base, p)} ici={`${base}/correction`} />
        <h2>Les réponses à revoir</h2>
        <Recapitulatif
          sections={recapitulatif(c.modele.formulaire, c.reponses, c.env).filter(s => concerned.has(`${s.etape}|${s.rowId ?? ''}`))}
          changerHref={ligne => `${lien(base, ligne)}#${ligne.champ}`}
          pieceHref={id => `${base}/pieces/${id}`}
          recherche={`${c.collectivite.base}/recherche`}
        />
        {problemes.length === 0 ? (
          <Form action={`${base}/correction`} jeton={ctx.token} cle={newSecret()}>
            <Actions>
              <Button>Renvoyer ma demande</Button>
              {retour}
            </Actions>
          </Form>
        ) : (
          <Actions>{retour}</Actions>
        )}
      </>
    ),
  })
}

/** GET and POST of one étape of the correction. */
async function voirEtape(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'lire', async ouvert => {
    const c = await enCorrection(ouvert)
    return c ? montrer(ctx, c) : redirect(baseDe(ouvert))
  })
  return answer ?? refused(notFound)
}

function etapeDe(ctx: Context, c: EnCorrection) {
  const seen = parcours(c.modele.formulaire, c.reponses, c.env).find(v => v.etape.id === ctx.params.etape)
  const rowId = ctx.params.ligne
  if (!seen || (seen.etape.repetition !== undefined) !== (rowId !== undefined)) return undefined
  return rowId && !seen.lignes.some(l => l.id === rowId) ? undefined : { etape: seen.etape, rowId }
}

async function montrer(ctx: Context, c: EnCorrection, erreurs: readonly Erreur[] = [], saisie?: Saisie): Promise<Answer> {
  const at = etapeDe(ctx, c)
  if (!at) return redirect(`${baseDe(c)}/correction`)
  const action = lien(baseDe(c), { etape: at.etape.id, rowId: at.rowId })
  const html = await pageDe(ctx.app, c.collectivite, {
    title: at.etape.titre,
    hasErrors: erreurs.length > 0,
    noindex: true,
    enhanced: true,
    chemin: [
      { texte: c.collectivite.nom, href: c.collectivite.base || '/' },
      { texte: c.modele.titre, href: baseDe(c) },
      { texte: 'Corriger ma demande', href: `${baseDe(c)}/correction` },
    ],
    children: (
      <>
        {erreurs.length > 0 && <ErrorSummary errors={erreurs} />}
        <Notice tone="attention">
          <p>{c.correction.message}</p>
        </Notice>
        <Form
          action={action}
          jeton={ctx.token}
          cle={newSecret()}
          multipart={at.etape.champs.some(champ => champ.type === 'piece')}
          obligatoires
        >
          <ChampsDeLEtape
            formulaire={c.modele.formulaire}
            etape={at.etape}
            rowId={at.rowId}
            reponses={c.reponses}
            env={c.env}
            saisie={saisie}
            erreurs={erreurs}
            retirerPiece={action}
            recherche={`${c.collectivite.base}/recherche`}
          />
          <Button>Enregistrer cette correction</Button>
        </Form>
      </>
    ),
  })
  return page(html, erreurs.length > 0 ? 422 : 200)
}

async function enregistrer(ctx: Context): Promise<Answer> {
  const before = await avecDossier(ctx, 'lire', async ouvert => {
    const c = await enCorrection(ouvert)
    return { base: baseDe(ouvert), c, at: c && etapeDe(ctx, c) }
  })
  if (!before) return refused(notFound)
  if (!before.c || !before.at) return redirect(before.base)
  const { etape, rowId } = before.at
  const envoi = await chercherReponses(ctx, before.c, etape, rowId, await lireEnvoi(ctx, etape))
  const saved = await avecDossier(ctx, 'changer', async ouvert => {
    const c = await enCorrection(ouvert)
    const at = c && etapeDe(ctx, c)
    if (!c || !at) return { answer: redirect(baseDe(ouvert)), added: [] }
    const without = retirer(c, at, envoi.form.line('retirer', 60))
    const joined = await joindre(ctx.app, c.tx, c.collectivite.id, c.modele, without ?? c.reponses, at.etape, at.rowId, envoi)
    const accepted = acceptEtape(c.modele.formulaire, at.etape.id, envoi.form.fields, joined.reponses, envAvec(c.env, envoi), at.rowId)
    const erreurs = reunir(joined.erreurs, accepted.ok || without ? [] : accepted.erreurs)
    await garderCorrection(c, accepted.ok ? accepted.reponses : joined.reponses)
    if (without || erreurs.length > 0 || !accepted.ok)
      return { answer: await montrer(ctx, { ...c, reponses: joined.reponses }, erreurs, envoi.form.fields), added: joined.added }
    return { answer: redirect(`${baseDe(c)}/correction`), added: joined.added }
  })
  if (!saved) return refused(notFound)
  if (saved.added.length > 0) await attendreVerification(ctx.app, ctx.tenant.id, saved.added)
  return saved.answer
}

/** The answers without a document that the person takes away; undefined when they did not ask. The document stays until the correction is sent. */
function retirer(c: EnCorrection, at: { etape: { id: string }; rowId: string | undefined }, id: string): Reponses | undefined {
  if (!id) return undefined
  const without = (champs: Reponses['champs']): Reponses['champs'] =>
    Object.fromEntries(
      Object.entries(champs)
        .map(
          ([champ, value]) =>
            [champ, Array.isArray(value) ? value.filter(item => typeof item !== 'object' || item.id !== id) : value] as const,
        )
        .filter(([, value]) => !Array.isArray(value) || value.length > 0),
    ) as Reponses['champs']
  if (!at.rowId) return { ...c.reponses, champs: without(c.reponses.champs) }
  const rows = (c.reponses.lignes[at.etape.id] ?? []).map(row => (row.id === at.rowId ? { ...row, champs: without(row.champs) } : row))
  return { ...c.reponses, lignes: { ...c.reponses.lignes, [at.etape.id]: rows } }
}

/** POST: sends the correction; the dossier goes back to the agents, and the clock of silence starts again. */
async function renvoyer(ctx: Context): Promise<Answer> {
  const visitor = await ctx.visitor('usager')
  if (!visitor) return refused(notFound)
  return once(
    ctx,
    ctx.form.secret('_cle', 80),
    'correction',
    async tx => {
      const ouvert = await ouvrirPour(ctx, tx, visitor, 'changer')
      if (!ouvert) return refuse(notFound)
      const c = await enCorrection(ouvert)
      if (!c) return ok({ to: baseDe(ouvert) })
      const done = await repondreCorrection({ app: ctx.app, ...ouvert }, c.reponses)
      if (!done.ok) return done
      await sql`update dossier set reponses_correction = null where collectivite_id = ${c.collectivite.id} and id = ${c.dossier.id}`.execute(
        tx,
      )
      return ok({ to: baseDe(c) })
    },
    {
      personneId: visitor.personneId ?? undefined,
      onRefusal: refusal =>
        refusal === refusals.incomplet ? redirect(`${ctx.tenant.base}/dossiers/${ctx.params.id}/correction`) : refused(refusal),
    },
  )
}

const usager = { kind: 'usager' } as const
const scope = 'collectivite' as const

/** Answering a correction. */
export const routesCorrection: readonly Route[] = [
  { method: 'GET', path: '/dossiers/:id/correction', scope, access: usager, handle: voir },
  { method: 'POST', path: '/dossiers/:id/correction', scope, access: usager, handle: renvoyer },
  { method: 'GET', path: '/dossiers/:id/correction/:etape', scope, access: usager, handle: voirEtape },
  { method: 'POST', path: '/dossiers/:id/correction/:etape', scope, access: usager, body: 'files', handle: enregistrer },
  { method: 'GET', path: '/dossiers/:id/correction/:etape/:ligne', scope, access: usager, handle: voirEtape },
  { method: 'POST', path: '/dossiers/:id/correction/:etape/:ligne', scope, access: usager, body: 'files', handle: enregistrer },
]
