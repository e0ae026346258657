import { payloadHash, record } from '../../../../platform/audit/journal.ts'
import { civilDay } from '../../../../platform/clock.ts'
import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import type { Form } from '../../../../platform/http/form.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid } from '../../../../platform/ids.ts'
import { ok, type Refusal, type Result, refuse } from '../../../../platform/refusal.ts'
import type { FieldError } from '../../../../ui/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../../territoire/index.ts'
import type { Cas } from '../../commands/instruire.ts'
import { casDuDossier } from '../../queries/cas.ts'
import { estDansLaPortee } from '../../queries/portee.ts'
import { refusals } from '../../refusals.ts'

/** The dossier of the route, for its agent; undefined when unknown, foreign, still a draft or out of what the agent may see: all the same to who asks. */
export async function casDeLaRoute(ctx: Context, tx: Tx): Promise<Cas | undefined> {
  const id = ctx.params.id
  if (!isUuid(id)) return undefined
  const cas = await casDuDossier(ctx.app, tx, collectiviteDe(ctx), id, { nature: 'agent', id: ctx.agent.id, canal: 'web' })
  return cas && estDansLaPortee(ctx.agent.portee, cas.dossier) ? cas : undefined
}

/** Reads the dossier of the route and answers from it, in one transaction; the same 404 when there is none. */
export function lire(ctx: Context, show: (cas: Cas) => Promise<Answer>): Promise<Answer> {
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const cas = await casDeLaRoute(ctx, tx)
    return cas ? show(cas) : refused(notFound)
  })
}

/** Where an act leads; what came with files, and their fingerprints, when the route takes some. */
interface Envoi {
  readonly form?: Form
  readonly fichiers?: readonly string[]
  readonly vers?: (cas: Cas) => string
}

/**
 * Acts on the dossier of the route, once for the form's key, then comes back to its page (or `vers`) with `fait`. Refuses a page that is not of
 * the dossier's last version: somebody acted meanwhile, and what the agent decided on is no longer what is there.
 */
export function agir(
  ctx: Context,
  fait: string,
  work: (cas: Cas) => Promise<Result<unknown>>,
  onRefusal: (refusal: Refusal) => Promise<Answer>,
  { form = ctx.form, fichiers = [], vers = () => adresseDuDossier(ctx) }: Envoi = {},
): Promise<Answer> {
  const { _jeton, ...body } = form.fields
  const version = form.number('version', 0, 0, 1_000_000)
  return once(
    ctx,
    form.secret('_cle', 64),
    fichiers.length > 0 ? { ...body, fichiers } : body,
    async tx => {
      const cas = await casDeLaRoute(ctx, tx)
      if (!cas) return refuse(notFound)
      if (cas.dossier.version !== version) return refuse(refusals.page_perimee)
      const done = await work(cas)
      return done.ok ? ok({ to: `${vers(cas)}?fait=${fait}` }) : done
    },
    { onRefusal: refusal => (refusal === notFound ? Promise.resolve(refused(notFound)) : onRefusal(refusal)) },
  )
}

/** Does beside the dossier what does not change it (to follow it), once for the form's key, then comes back to its page with `fait`. */
export const surPlace = (ctx: Context, fait: string, work: (cas: Cas) => Promise<void>): Promise<Answer> =>
  once(ctx, ctx.form.secret('_cle', 64), fait, async tx => {
    const cas = await casDeLaRoute(ctx, tx)
    if (!cas) return refuse(notFound)
    await work(cas)
    return ok({ to: `${adresseDuDossier(ctx)}?fait=${fait}` })
  })

/** The way back from a page about a dossier. */
export const chemins = (ctx: Context, dossier: { readonly demandeur_nom: string | null; readonly reference: string }) => [
  { texte: 'Dossiers', href: adresseDesDossiers(ctx) },
  { texte: dossier.demandeur_nom || dossier.reference, href: adresseDuDossier(ctx) },
]

/** A reading of personal data, in the journal of the collectivité. */
export const noterLecture = (ctx: Context, tx: Tx, action: string, objet: string): Promise<void> =>
  record(tx, ctx.tenant.id, ctx.app.clock.now(), { acteur: `agent:${ctx.agent.id}`, action, objet, empreinte: payloadHash({}) })

export const adresseDesDossiers = (ctx: Context): string => `${ctx.tenant.base}/agent/dossiers`

export const adresseDuDossier = (ctx: Context): string => `${adresseDesDossiers(ctx)}/${ctx.params.id}`

/** The error of a form that a refusal makes. */
export const enErreur = (refusal: Refusal): FieldError => ({
  champ: refusal.field ?? (refusal.code === 'motif_absent' ? 'motif' : ''),
  message: refusal.sentence,
})

/** The day typed in the three boxes of a date; null when it is not one. */
export const jourTape = ({ jour, mois, annee }: { readonly jour: string; readonly mois: string; readonly annee: string }): string | null =>
  [jour, mois, annee].every(part => /^\d+$/.test(part)) ? dates.dayOf(Number(annee), Number(mois), Number(jour)) : null

/** Today where the collectivité is. */
export const aujourdhui = (ctx: Context): string => civilDay(ctx.app.clock.now(), fuseau(collectiviteDe(ctx)))
