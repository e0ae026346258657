import { sql } from 'kysely'
import { payloadHash, record } from '../../../../platform/audit/journal.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, refused } from '../../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { enqueue } from '../../../../platform/jobs/jobs.ts'
import { ok, refuse } from '../../../../platform/refusal.ts'
import { pageAgent } from '../../../agents/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { retenueOuverte } from '../../queries/conservation.ts'
import { effacementsDe } from '../../queries/effacements.ts'
import { refusals } from '../../refusals.ts'
import { PageDesEffacements } from './effacements.page.tsx'

const CAUSES: Readonly<Record<string, string>> = {
  abandon: 'Brouillon abandonné',
  conservation: 'Fin de la durée',
  demande: 'Demande retirée',
}
const YEAR_MS = 365 * 86_400_000

/** GET /agent/effacements: counts, and what waits for an administrator. */
export async function montrerEffacements(ctx: Context): Promise<Answer> {
  const href = `${ctx.tenant.base}/agent/effacements`
  const now = ctx.app.clock.now()
  const { retenue, counts } = await inTenant(ctx.app.db, ctx.tenant.id, async tx => ({
    retenue: await retenueOuverte(tx, ctx.tenant.id),
    counts: await effacementsDe(tx, ctx.tenant.id, new Date(now.getTime() - YEAR_MS)),
  }))
  const children = (
    <PageDesEffacements
      href={href}
      jeton={ctx.token}
      cle={newSecret()}
      fait={ctx.query.has('fait') ? 'C’est noté. Ces dossiers sont effacés dans les minutes qui viennent.' : undefined}
      retenue={retenue && { ...retenue, depuis: instantEnMots(retenue.constateeLe, collectiviteDe(ctx)) }}
      caches={counts.caches}
      geles={counts.geles}
      effaces={counts.effaces.map(({ mois, cause, nombre }) => ({ mois: moisEnMots(mois), cause: CAUSES[cause] ?? cause, nombre }))}
    />
  )
  return pageAgent(
    ctx,
    { title: 'Effacement des dossiers', chemin: [{ texte: 'Réglages', href: `${ctx.tenant.base}/agent/reglages` }], children },
    ctx.agent,
  )
}

/** « novembre 2026 » of `2026-11`. */
export const moisEnMots = (mois: string): string => dates.longDate(`${mois}-02`).replace(/^\S+\s/, '')

/** POST …/:id/confirmation: the word of an administrator; the erasure starts at once, of what they were asked about. */
export const confirmerEffacement = (ctx: Context): Promise<Answer> =>
  once(
    ctx,
    ctx.form.secret('_cle', 64),
    {},
    async tx => {
      const id = ctx.params.id
      const now = ctx.app.clock.now()
      const done = isUuid(id)
        ? await sql`update retenue set confirmee_le = ${now}, confirmee_par = ${ctx.agent.id}
            where collectivite_id = ${ctx.tenant.id} and id = ${id} and confirmee_le is null returning id`.execute(tx)
        : { rows: [] }
      if (done.rows.length === 0) return refuse(refusals.retenue_inconnue)
      const entry = { acteur: `agent:${ctx.agent.id}`, action: 'effacements.confirmer', objet: `retenue:${id}`, empreinte: payloadHash({}) }
      await record(tx, ctx.tenant.id, now, entry)
      await enqueue(tx, 'conserver', { collectiviteId: ctx.tenant.id }, { jobKey: `conserver|${ctx.tenant.id}` })
      return ok({ to: `${ctx.tenant.base}/agent/effacements?fait=confirmation` })
    },
    { onRefusal: refusal => refused(refusal) },
  )
