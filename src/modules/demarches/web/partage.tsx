import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { Answer, Context } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs/jobs.ts'
import { ok, type Refusal, refuse } from '../../../platform/refusal.ts'
import { pageAgent } from '../../agents/index.ts'
import { communesOuvertes } from '../../territoire/index.ts'
import { DIFFUSER } from '../jobs/diffuser.ts'
import { catalogue, type ModeleOffert, utilisateurs } from '../queries/catalogue.ts'
import { refusals } from '../refusals.ts'
import { agir, cheminDe } from './acces.ts'
import { nomsDesOrigines } from './origines.ts'
import { PageDuPartage } from './partage.page.tsx'

const PAR_PAGE = 50

/** GET: who uses which version of which template, for the collectivité that carries what is shared. */
export const montrerPartage = (ctx: Context): Promise<Answer> => pageDe(ctx)

async function pageDe(ctx: Context, refusal?: Refusal): Promise<Answer> {
  const { modeles, page, pages, count } = await inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const all = await catalogue(tx)
    const pages = Math.max(1, Math.ceil(all.length / PAR_PAGE))
    const page = ctx.query.number('page', 1, 1, pages)
    const found: { offert: ModeleOffert; users: Awaited<ReturnType<typeof utilisateurs>> }[] = []
    for (const offert of all.slice((page - 1) * PAR_PAGE, page * PAR_PAGE)) found.push({ offert, users: await utilisateurs(tx, offert.id) })
    return { modeles: found, page, pages, count: all.length }
  })
  const noms = await nomsDesOrigines(
    ctx.app,
    modeles.map(({ offert }) => offert),
  )
  const { total } = await communesOuvertes(ctx.app, 1)
  return pageAgent(
    ctx,
    {
      title: 'Diffuser aux communes',
      hasErrors: refusal !== undefined,
      chemin: cheminDe(ctx),
      children: (
        <PageDuPartage
          action={`${ctx.tenant.base}/agent/catalogue/diffusion`}
          communes={total}
          modeles={modeles.map(({ offert, users }) => ({
            id: offert.id,
            titre: offert.modele.titre,
            origine: noms.get(offert.id) ?? 'Parvis',
            version: offert.version,
            aJour: users.filter(({ version }) => version === offert.version).map(({ nom }) => nom),
            enRetard: users.filter(({ version }) => version !== offert.version).map(({ nom, version }) => ({ nom, version })),
          }))}
          pagination={{ page, pages, href: n => `${ctx.tenant.base}/agent/catalogue?page=${n}`, total: `${count} modèles` }}
          jeton={ctx.token}
          cle={newSecret()}
          fait={ctx.query.line('fait', 20) === 'diffusion'}
          erreur={refusal?.sentence}
        />
      ),
    },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

/** POST: gives templates to every commune that does not have them: done by the worker, so that the page answers at once. */
export function diffuser(ctx: Context): Promise<Answer> {
  const wanted = new Set(ctx.form.all('modeles', 60))
  return agir(
    ctx,
    async tx => {
      const chosen = (await catalogue(tx)).filter(({ id }) => wanted.has(id))
      if (chosen.length === 0) return refuse(refusals.aucun_modele)
      for (const { id, version } of chosen) await enqueue(tx, DIFFUSER, { modeleId: id, version, agentId: ctx.agent.id })
      await record(tx, ctx.tenant.id, ctx.app.clock.now(), {
        acteur: `agent:${ctx.agent.id}`,
        action: 'catalogue.diffuser',
        objet: `modeles:${chosen.map(({ id }) => id).join(',')}`.slice(0, 400),
        empreinte: payloadHash(chosen.map(({ id, version }) => [id, version])),
      })
      return ok(`${ctx.tenant.base}/agent/catalogue?fait=diffusion`)
    },
    refusal => pageDe(ctx, refusal),
  )
}
