import { type Answer, type Context, page } from '../../../platform/http/route.ts'
import { programmes } from '../../dossiers/index.ts'
import { collectiviteDe, pageDe } from '../../territoire/index.ts'
import { refusals } from '../refusals.ts'
import { documentOpenApi, operations, schemaDe } from './api/openapi.ts'
import type { Operation } from './api/operation.ts'
import { Documentation } from './documentation.page.tsx'

/** GET /api/v1/openapi.json. */
export const servirOpenApi = async (ctx: Context): Promise<Answer> => ({
  bytes: JSON.stringify(documentOpenApi(ctx)),
  type: 'application/json; charset=utf-8',
})

/** GET /api: the same in French, for who writes a program. */
export async function montrerDocumentation(ctx: Context): Promise<Answer> {
  const { address } = ctx.tenant
  const children = (
    <Documentation
      adresse={address}
      operations={operations.map(vue)}
      codes={Object.values(refusals)
        .filter(({ code }) => DES_PROGRAMMES.has(code))
        .map(({ code, status, sentence }) => ({ code, statut: status, message: sentence }))}
      evenements={Object.keys(programmes.titreDuChangement).filter(nature => nature !== 'ouvrir')}
    />
  )
  return page(await pageDe(ctx.app, collectiviteDe(ctx), { title: 'API\u00a0: brancher un autre logiciel', wide: true, children }))
}

const vue = (op: Operation) => ({
  id: op.id,
  titre: op.titre,
  detail: op.detail,
  appel: `${op.method} ${op.path.replace(/:(\w+)/g, '{$1}')}`,
  droit: op.droit === 'public' ? 'aucun' : op.droit === null ? 'tout jeton' : op.droit,
  donnees: [...(op.requete ? Object.keys(op.requete.shape).map(name => `${name} (facultatif)`) : []), ...(op.corps ? champsDe(op) : [])],
})

// « agent (facultatif) »: what must be there, and what may.
function champsDe({ corps }: Operation): string[] {
  if (!corps) return []
  const { properties = {}, required = [] } = schemaDe(corps, 'input') as { properties?: object; required?: string[] }
  return Object.keys(properties).map(name => (required.includes(name) ? name : `${name} (facultatif)`))
}

const DES_PROGRAMMES: ReadonlySet<string> = new Set(Object.keys(refusals).slice(0, Object.keys(refusals).indexOf('nom_absent')))
