import type { StatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Route } from './route.ts'

const PATIENCE_MS = 2000

/** Below it PostgreSQL cannot make the next segment of its own journal (16 MB), and stops. */
const ROOM_MIN_BYTES = 16 * 1_048_576

/**
 * Whether the program can serve: the database answers, the territory is open, and there is room to write where the files are, with the embedded
 * database beside them. For scripts and load balancers. On a full disk the pages that only read are still served; the answer tells whoever watches
 * that nothing sent is taken. The disk of another machine’s database is not seen from here.
 */
export const healthRoute: Route = {
  method: 'GET',
  path: '/sante',
  scope: 'territoire',
  access: { kind: 'public' },
  async handle({ app }) {
    const late = new Promise<never>((_, reject) => setTimeout(reject, PATIENCE_MS, new Error('late')).unref())
    const asked = sql<{ n: number }>`select count(*)::int as n from territoire`.execute(app.db.kysely).then(({ rows }) => rows[0]?.n === 1)
    // A file system that does not say how much room it has is not taken for full.
    const room = statfs(app.config.dataFolder).then(hasRoom, () => true)
    const answers = Promise.all([asked, room])
    const [isReady, isRoomy] = await Promise.race([answers, late]).catch(() => [false, true])
    answers.catch(() => {})
    const etat = !isReady ? 'indisponible' : isRoomy ? 'pret' : 'disque_plein'
    return etat === 'pret'
      ? { status: 200, json: { etat, version: app.version } }
      : { status: 503, json: { etat, version: app.version }, headers: { 'retry-after': '5' } }
  },
}

/** Whether what is left to those who are not root is enough to go on writing. */
export const hasRoom = ({ blocks, bavail, bsize }: Pick<StatsFs, 'blocks' | 'bavail' | 'bsize'>): boolean =>
  blocks === 0 || bavail * bsize >= ROOM_MIN_BYTES
