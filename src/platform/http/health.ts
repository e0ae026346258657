import { sql } from 'kysely'
import type { Route } from './route.ts'

const PATIENCE_MS = 2000

/** Whether the program can serve: the database answers and the territory is open. For scripts and load balancers. */
export const healthRoute: Route = {
  method: 'GET',
  path: '/sante',
  scope: 'territoire',
  access: { kind: 'public' },
  async handle({ app }) {
    const late = new Promise<never>((_, reject) => setTimeout(reject, PATIENCE_MS, new Error('late')).unref())
    const asked = sql<{ n: number }>`select count(*)::int as n from territoire`.execute(app.db.kysely).then(({ rows }) => rows[0]?.n === 1)
    const isReady = await Promise.race([asked, late]).catch(() => false)
    asked.catch(() => {})
    return isReady
      ? { status: 200, json: { etat: 'pret', version: app.version } }
      : { status: 503, json: { etat: 'indisponible', version: app.version }, headers: { 'retry-after': '5' } }
  },
}
