import type { Answer, Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { type Refusal, refuse } from '../../../../platform/refusal.ts'
import { agentsPossibles, nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { attribuer, type Cas, changerService } from '../../commands/instruire.ts'
import { suivre } from '../../commands/suivre.ts'
import { estDansLaPortee } from '../../queries/portee.ts'
import { servicesDe } from '../../queries/services.ts'
import { refusals } from '../../refusals.ts'
import { adresseDesDossiers, adresseDuDossier, agir, aujourdhui, chemins, enErreur, lire, surPlace } from './acces.ts'
import { Attribution } from './attribution.page.tsx'

/** GET …/attribution: who handles the dossier, and who may. */
export const montrerAttribution = (ctx: Context): Promise<Answer> => lire(ctx, cas => laPage(ctx, cas))

const possiblesPour = (ctx: Context, { tx, dossier }: Cas) =>
  agentsPossibles(tx, ctx.tenant.id, { demarcheId: dossier.demarche_id, service: dossier.service }, aujourdhui(ctx))

async function laPage(ctx: Context, cas: Cas, refusal?: Refusal): Promise<Answer> {
  const { tx, dossier } = cas
  const agents = await possiblesPour(ctx, cas)
  const noms = await nomsDesAgents(tx, dossier.agent_id ? [dossier.agent_id] : [])
  const services = (await servicesDe(tx, ctx.tenant.id)).filter(service => service !== dossier.service).slice(0, 49)
  const qui = dossier.agent_id === ctx.agent.id ? 'vous' : (dossier.agent_id && noms.get(dossier.agent_id)) || 'personne pour l’instant'
  const children = (
    <Attribution
      href={adresseDuDossier(ctx)}
      jeton={ctx.token}
      cle={newSecret()}
      version={dossier.version}
      erreurs={refusal ? [enErreur(refusal)] : []}
      enCharge={`En charge\u00a0: ${qui}${dossier.service ? `, service «\u00a0${dossier.service}\u00a0»` : ''}.`}
      peutPrendre={dossier.agent_id !== ctx.agent.id && agents.some(({ id }) => id === ctx.agent.id)}
      agents={agents
        .slice(0, 49)
        .map(({ id, nom, vientDAilleurs }) => ({ value: id, label: vientDAilleurs ? `${nom} (par délégation)` : nom }))}
      agent={(refusal && ctx.form.line('agent', 36)) || (dossier.agent_id ?? '')}
      services={services.map(service => ({ value: service, label: service }))}
      service={refusal ? ctx.form.line('service', 120) : ''}
      motif={refusal ? ctx.form.text('motif', 500) : ''}
    />
  )
  const hasErrors = refusal !== undefined
  return pageAgent(ctx, { title: 'Attribuer ce dossier', hasErrors, chemin: chemins(ctx, dossier), children }, ctx.agent, refusal?.status)
}

/** POST …/attribution: to oneself (`moi`), to a colleague, or to nobody (empty). */
export const attribuerDossier = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    'attribution',
    async cas => {
      const asked = ctx.form.line('agent', 36)
      if (!asked) return attribuer(cas, null)
      const id = asked === 'moi' ? ctx.agent.id : asked
      const found = (await possiblesPour(ctx, cas)).find(agent => agent.id === id)
      return found ? attribuer(cas, found) : refuse({ ...refusals.agent_impossible, field: 'agent' })
    },
    refusal => lire(ctx, cas => laPage(ctx, cas, refusal)),
  )

/** POST …/service: to another service, with the reason. Who does not see the dossiers of that service goes back to the list. */
export const changerDeService = (ctx: Context): Promise<Answer> => {
  const service = ctx.form.line('service', 120)
  return agir(
    ctx,
    'service',
    async cas => {
      if (!service || service === cas.dossier.service || !(await servicesDe(cas.tx, ctx.tenant.id)).includes(service))
        return refuse({ ...refusals.service_inconnu, field: 'service' })
      return changerService(cas, service, ctx.form.text('motif', 500))
    },
    refusal => lire(ctx, cas => laPage(ctx, cas, refusal)),
    {
      vers: ({ dossier }) => (estDansLaPortee(ctx.agent.portee, { ...dossier, service }) ? adresseDuDossier(ctx) : adresseDesDossiers(ctx)),
    },
  )
}

/** POST …/suivi: follows the dossier, or no more. Personal: it does not change the dossier, whose page may be older. */
export const suivreDossier = (ctx: Context): Promise<Answer> =>
  surPlace(ctx, ctx.form.line('suivre', 3) === 'oui' ? 'suivi' : 'plus-suivi', cas => suivre(cas, ctx.form.line('suivre', 3) === 'oui'))
