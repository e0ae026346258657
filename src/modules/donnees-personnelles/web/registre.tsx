import { civilDay } from '../../../platform/clock.ts'
import type { Answer, Context, Route } from '../../../platform/http/route.ts'
import type { Donnees } from '../../../platform/personal-data.ts'
import { pageAgent } from '../../agents/index.ts'
import { dates } from '../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../territoire/index.ts'
import { enHtml, enMarkdown } from '../ecrire.ts'
import { registreDeLaCollectivite } from '../queries/registre.ts'
import type { Registre } from '../registre.ts'
import { PageDuRegistre } from './registre.page.tsx'

const FORMATS = {
  html: ['text/html; charset=utf-8', enHtml],
  md: ['text/markdown; charset=utf-8', enMarkdown],
  json: ['application/json; charset=utf-8', (registre: Registre) => `${JSON.stringify(registre, null, 2)}\n`],
} as const

/** The register's pages, over the classification of all the tables. */
export function routesRegistre(tables: Donnees): readonly Route[] {
  const access = { kind: 'agent', permission: 'reglages.modifier' } as const
  const scope = 'collectivite' as const
  const lire = (ctx: Context) => registreDeLaCollectivite(ctx.app.db, collectiviteDe(ctx), tables)
  const telecharger =
    (format: keyof typeof FORMATS) =>
    async (ctx: Context): Promise<Answer> => {
      const [type, write] = FORMATS[format]
      const le = dates.longDate(civilDay(ctx.app.clock.now(), fuseau(collectiviteDe(ctx))))
      return {
        bytes: write(await lire(ctx), le),
        type,
        headers: { 'content-disposition': `attachment; filename="registre-des-traitements.${format}"` },
      }
    }
  return [
    { method: 'GET', path: '/agent/registre', scope, access, handle: async ctx => montrer(ctx, await lire(ctx)) },
    ...(['html', 'md', 'json'] as const).map(
      (format): Route => ({ method: 'GET', path: `/agent/registre.${format}`, scope, access, handle: telecharger(format) }),
    ),
  ]
}

/** GET /agent/registre?traitement=: the list, and one processing whole. */
function montrer(ctx: Context, registre: Registre): Promise<Answer> {
  const href = `${ctx.tenant.base}/agent/registre`
  const choisi = ctx.query.number('traitement', 1, 1, Math.max(1, registre.traitements.length)) - 1
  const children = <PageDuRegistre registre={registre} href={href} choisi={choisi} />
  const chemin = [{ texte: 'Réglages', href: `${ctx.tenant.base}/agent/reglages` }]
  return pageAgent(ctx, { title: 'Registre des traitements', chemin, children }, ctx.agent)
}
