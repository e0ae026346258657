import { civilDay } from '../../../platform/clock.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { once } from '../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { isUuid } from '../../../platform/ids.ts'
import { ok, type Refusal, type Result, refuse } from '../../../platform/refusal.ts'
import type { Lien } from '../../../ui/index.ts'
import { demarche, type Modele } from '../../demarches/index.ts'
import { dates } from '../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../territoire/index.ts'
import type { Redacteur } from '../commands/gabarits.ts'
import { estCourrier, estMessage, type Usage, usages } from '../gabarit.ts'
import { gabarit } from '../queries/gabarits.ts'
import type { GabaritRow } from '../tables.ts'

export const adresseDesModeles = (ctx: Context): string => `${ctx.tenant.base}/agent/modeles`
export const adresseDuModele = (ctx: Context, id = ctx.params.id): string => `${adresseDesModeles(ctx)}/${id}`

export const auteurDe = (ctx: Context): Redacteur => ({ collectiviteId: ctx.tenant.id, agentId: ctx.agent.id })

/** A text with the démarche it is written for, as it is offered now. */
export interface Ouvert {
  readonly row: GabaritRow
  readonly usage: Usage
  /** Null for a text of every démarche. */
  readonly modele: Modele | null
  readonly nom: string
}

/** The text of the route; undefined when the collectivité has none of that id. */
export async function gabaritDeLaRoute(ctx: Context, tx: Tx): Promise<Ouvert | undefined> {
  const id = ctx.params.id
  const row = isUuid(id) ? await gabarit(tx, ctx.tenant.id, id) : undefined
  return row && ouvrir(ctx, tx, row)
}

/** A text with what it is written for. */
export async function ouvrir(ctx: Context, tx: Tx, row: GabaritRow): Promise<Ouvert> {
  const offered = row.demarche_id === null ? undefined : await demarche(tx, ctx.tenant.id, row.demarche_id)
  const usage = row.usage as Usage
  return {
    row,
    usage,
    modele: offered?.modele ?? null,
    nom: `${nomDuTexte(row)}, ${offered?.modele.titre.toLowerCase() ?? 'toutes les démarches'}`,
  }
}

/** What a text is called in lists: by its use, a letter by its title. */
export const nomDuTexte = ({ usage, contenu }: GabaritRow): string =>
  estCourrier(usage as Usage) ? `Courrier « ${contenu.titre} »` : usages[usage as Usage]

/** Reads the text of the route and answers from it; the same 404 when there is none. */
export const lire = (ctx: Context, show: (ouvert: Ouvert, tx: Tx) => Promise<Answer>): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const ouvert = await gabaritDeLaRoute(ctx, tx)
    return ouvert ? show(ouvert, tx) : refused(notFound)
  })

/** Acts on the text of the route once for the form's key, then goes where `work` says. */
export function agir(
  ctx: Context,
  work: (ouvert: Ouvert, tx: Tx) => Promise<Result<string>>,
  onRefusal?: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  const { _jeton, ...body } = ctx.form.fields
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    body,
    async tx => {
      const ouvert = await gabaritDeLaRoute(ctx, tx)
      if (!ouvert) return refuse(notFound)
      const done = await work(ouvert, tx)
      return done.ok ? ok({ to: done.value }) : done
    },
    onRefusal ? { onRefusal: refusal => (refusal === notFound ? refused(notFound) : onRefusal(refusal)) } : {},
  )
}

/** The way back from a page of a text. */
export const cheminDe = (ctx: Context, ouvert?: Ouvert): Lien[] => [
  { texte: 'Modèles', href: adresseDesModeles(ctx) },
  ...(ouvert ? [{ texte: ouvert.nom, href: adresseDuModele(ctx) }] : []),
]

/** « Modèle de document » or « Modèle de message ». */
export const genreDe = (usage: Usage): string => (estMessage(usage) ? 'Message' : 'Document')

/** A day as people read it, where the collectivité is. */
export const jour = (ctx: Context, instant: Date): string => dates.longDate(civilDay(instant, fuseau(collectiviteDe(ctx))))
