import type { Answer, Context } from '../../../platform/http/route.ts'
import type { Trouvaille } from '../../formulaires/index.ts'
import { collectiviteDe } from '../../territoire/index.ts'
import { trouverAdresses } from '../queries/adresses.ts'
import { trouverCommunes } from '../queries/communes.ts'
import { lireDans } from './acces.ts'

const MIN = 2

/** GET: communes for the words typed so far, as JSON: only the words, which the server reads again when the form is sent. */
export const proposerCommunes = async (ctx: Context): Promise<Answer> => {
  const typed = ctx.query.line('q', 100)
  return enJson(typed.length < MIN ? [] : await trouverCommunes(ctx.app, typed))
}

/** GET: addresses of the commune's own file for the words typed so far. The geocoder is never asked letter by letter. */
export const proposerAdresses = async (ctx: Context): Promise<Answer> => {
  const typed = ctx.query.line('q', 200)
  return enJson(typed.length < MIN ? [] : await trouverAdresses(lireDans(ctx), collectiviteDe(ctx), typed))
}

const enJson = (found: readonly Trouvaille[]): Answer => ({ json: { resultats: found.slice(0, 10).map(({ libelle }) => libelle) } })
