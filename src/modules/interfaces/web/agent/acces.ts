import { civilDay } from '../../../../platform/clock.ts'
import type { Tx } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid } from '../../../../platform/ids.ts'
import { ok, type Refusal, type Result, refuse } from '../../../../platform/refusal.ts'
import type { FieldError, SelectOption } from '../../../../ui/index.ts'
import { demarchesOuvertes, choixDeDemarches as parmi } from '../../../demarches/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../../territoire/index.ts'

export const adresseDesJetons = (ctx: Context): string => `${ctx.tenant.base}/agent/jetons`
export const adresseDesWebhooks = (ctx: Context): string => `${ctx.tenant.base}/agent/webhooks`

/** Does something once for the form's key, then goes to the page that it gives; a 404 stays the same for all. */
export const agir = (
  ctx: Context,
  body: unknown,
  work: (tx: Tx) => Promise<Result<string>>,
  onRefusal?: (refusal: Refusal) => Answer | Promise<Answer>,
): Promise<Answer> =>
  once(
    ctx,
    ctx.form.secret('_cle', 64),
    body,
    async tx => {
      const done = await work(tx)
      return done.ok ? ok({ to: done.value }) : done
    },
    { onRefusal: refusal => (refusal === notFound || !onRefusal ? refused(refusal) : onRefusal(refusal)) },
  )

/** The thing of the route's id, once it is found; the same 404 otherwise. */
export async function trouver<Row, T>(
  ctx: Context,
  find: (id: string) => Promise<Row | undefined>,
  work: (row: Row) => Promise<Result<T>>,
): Promise<Result<T>> {
  const { id } = ctx.params
  const row = isUuid(id) ? await find(id) : undefined
  return row ? work(row) : refuse(notFound)
}

/** The error of a form that a refusal makes. */
export const enErreurs = (refusal: Refusal | undefined): FieldError[] =>
  refusal ? [{ champ: refusal.field ?? '', message: refusal.sentence }] : []

/** The démarches to choose among. */
export const choixDeDemarches = async (ctx: Context, tx: Tx): Promise<SelectOption[]> =>
  parmi.options(await demarchesOuvertes(tx, ctx.tenant.id))

/** What was chosen between « toutes » and a list; null for all, and what is not offered is left out. */
export function choisis(ctx: Context, nom: string, offerts: readonly { readonly value: string }[]): string[] | null {
  if (ctx.form.line(`${nom}-toutes`, 8) !== 'choisies') return null
  const typed = ctx.form.all(nom, 60)
  return offerts.map(({ value }) => value).filter(value => typed.includes(value))
}

export const aujourdhui = (ctx: Context): string => civilDay(ctx.app.clock.now(), fuseau(collectiviteDe(ctx)))

/** « 21 novembre 2026 à 10 h 30 », where the collectivité is. */
export function instantEnMots(ctx: Context, instant: Date): string {
  const timeZone = fuseau(collectiviteDe(ctx))
  const heure = new Intl.DateTimeFormat('fr-FR', { timeZone, hour: 'numeric', minute: '2-digit' })
    .format(instant)
    .replace(':', '\u00a0h\u00a0')
  return `${dates.longDate(civilDay(instant, timeZone))} à ${heure}`
}
