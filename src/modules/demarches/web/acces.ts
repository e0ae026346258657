import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { once } from '../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { ok, type Refusal, type Result } from '../../../platform/refusal.ts'
import type { Lien } from '../../../ui/index.ts'
import type { Atelier } from '../commands/copie.ts'
import { type Demarche, demarche } from '../queries/demarches.ts'

export const adresseDesDemarches = (ctx: Context): string => `${ctx.tenant.base}/agent/demarches`

export const adresseDeLaDemarche = (ctx: Context, id = ctx.params.demarche): string => `${adresseDesDemarches(ctx)}/${id}`

/** The way back from a page of a démarche. */
export const cheminDe = (ctx: Context, offre?: Demarche): Lien[] => [
  { texte: 'Démarches', href: adresseDesDemarches(ctx) },
  ...(offre ? [{ texte: offre.modele.titre, href: adresseDeLaDemarche(ctx, offre.id) }] : []),
]

/** The démarche of the route, and the agent who changes it. PostgreSQL refuses a NUL, which an address may hold: no démarche has that name. */
export const atelierDe = (ctx: Context): Atelier => ({
  collectiviteId: ctx.tenant.id,
  demarcheId: /^[a-z0-9-]{1,60}$/.test(ctx.params.demarche ?? '') ? (ctx.params.demarche ?? '') : '',
  agentId: ctx.agent.id,
})

/** Reads the démarche of the route in one transaction; the same 404 when the collectivité has none of that name. */
export function lireLaDemarche(ctx: Context, show: (tx: Tx, offre: Demarche) => Promise<Answer>): Promise<Answer> {
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const offre = await demarche(tx, ctx.tenant.id, ctx.params.demarche ?? '')
    return offre ? show(tx, offre) : refused(notFound)
  })
}

/** Does something once for the form's key, then goes to the address that it gives. */
export function agir(
  ctx: Context,
  work: (tx: Tx) => Promise<Result<string>>,
  onRefusal?: (refusal: Refusal) => Answer | Promise<Answer>,
): Promise<Answer> {
  // A hostile name in the address (a NUL …) never reaches a command.
  if (ctx.params.demarche !== undefined && !/^[a-z0-9-]{1,60}$/.test(ctx.params.demarche)) return Promise.resolve(refused(notFound))
  const { _jeton, ...body } = ctx.form.fields
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    body,
    async tx => {
      const done = await work(tx)
      return done.ok ? ok({ to: done.value }) : done
    },
    onRefusal ? { onRefusal } : {},
  )
}
