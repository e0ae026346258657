import { inTenant } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { modelePublie } from '../../../demarches/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { situationDe } from '../../commands/advance.ts'
import { cacher, restaurer } from '../../commands/cacher.ts'
import type { Cas } from '../../commands/instruire.ts'
import { CORBEILLE_JOURS } from '../../conservation.ts'
import { transition } from '../../dossier.ts'
import { corbeille } from '../../queries/corbeille.ts'
import { adresseDesDossiers, adresseDuDossier, agir, casDeLaRoute, chemins, enErreur, lire } from './acces.ts'
import { Corbeille } from './corbeille.page.tsx'
import { Confirmation } from './decision.page.tsx'

const EXPLICATION = `Un dossier mis à la corbeille sort des listes, puis il est effacé après ${CORBEILLE_JOURS} jours. D’ici là, on peut le restaurer.`

/** GET /agent/corbeille: what is out of the lists. */
export async function montrerCorbeille(ctx: Context): Promise<Answer> {
  const dossiers = await inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const found = await corbeille(tx, ctx.tenant.id, ctx.agent.portee)
    const noms = await nomsDesAgents(
      tx,
      found.flatMap(({ agentId }) => agentId ?? []),
    )
    return Promise.all(
      found.map(async ({ id, reference, nom, definition, cacheLe, motif, agentId }) => ({
        id,
        href: `${adresseDesDossiers(ctx)}/${id}`,
        nom: nom ? `${nom}, ${reference}` : reference,
        demarche: (await modelePublie(tx, definition)).titre,
        quand: instantEnMots(cacheLe, collectiviteDe(ctx)),
        pourquoi: [motif, agentId && noms.get(agentId)].filter(Boolean).join(', '),
      })),
    )
  })
  const fait = ctx.query.has('fait') ? 'Le dossier est à la corbeille.' : undefined
  const children = <Corbeille {...{ jeton: ctx.token, cle: newSecret(), fait, explication: EXPLICATION, dossiers }} />
  const chemin = [{ texte: 'Dossiers', href: adresseDesDossiers(ctx) }]
  return pageAgent(ctx, { title: 'Corbeille', wide: true, chemin, children }, ctx.agent)
}

/** GET …/corbeille, on a dossier: the last look before. */
export const montrerMiseALaCorbeille = (ctx: Context): Promise<Answer> => lire(ctx, cas => laPage(ctx, cas))

async function laPage(ctx: Context, cas: Cas, refusal?: Refusal): Promise<Answer> {
  const { dossier, modele } = cas
  const motif = refusal ? ctx.form.text('motif', 500) : ''
  const possible = transition(situationDe(dossier), { nature: 'cacher', auteur: 'agent', motif: 'x' }, modele.regime)
  if (!possible.ok) return refused(refusal ?? possible.refusal, motif ? { motif } : undefined)
  const href = adresseDuDossier(ctx)
  const children = (
    <Confirmation
      {...{ action: `${href}/corbeille`, retour: href, jeton: ctx.token, cle: newSecret(), version: dossier.version }}
      erreurs={refusal ? [enErreur(refusal)] : []}
      explication={`${EXPLICATION} La personne n’est pas prévenue.`}
      document={undefined}
      motif={{ label: 'Pourquoi', hint: 'Par exemple : dossier d’essai, demande faite deux fois.', optional: false, value: motif }}
      bouton={{ texte: 'Mettre à la corbeille', tone: 'danger' }}
    />
  )
  const hasErrors = refusal !== undefined
  return pageAgent(ctx, { title: 'Mettre à la corbeille', hasErrors, chemin: chemins(ctx, dossier), children }, ctx.agent, refusal?.status)
}

/** POST …/corbeille. */
export const mettreALaCorbeille = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    'corbeille',
    cas => cacher(cas, ctx.form.text('motif', 500)),
    refusal => lire(ctx, cas => laPage(ctx, cas, refusal)),
    { vers: () => `${ctx.tenant.base}/agent/corbeille` },
  )

/** POST …/restauration: back in the lists, from whatever page. */
export const restaurerDossier = (ctx: Context): Promise<Answer> =>
  once(
    ctx,
    ctx.form.secret('_cle', 64),
    {},
    async tx => {
      const cas = await casDeLaRoute(ctx, tx)
      if (!cas) return refuse(notFound)
      const done = await restaurer(cas)
      return done.ok ? ok({ to: `${adresseDuDossier(ctx)}?fait=restauration` }) : done
    },
    { onRefusal: refusal => refused(refusal) },
  )
