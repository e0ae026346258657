import { inTenant } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { type EquipeDeService, enMots, enregistrerEquipe, equipe, equipesDe, pageAgent } from '../../../agents/index.ts'
import { servicesDe } from '../../queries/services.ts'
import { enErreur } from './acces.ts'
import { EquipeDuService, Equipes } from './equipes.page.tsx'

const adresse = (ctx: Context, service?: string) =>
  `${ctx.tenant.base}/agent/equipes${service === undefined ? '' : `?service=${encodeURIComponent(service)}`}`

/** GET /agent/equipes: the services and their teams; with `?service=`, the team of one. */
export const montrerEquipes = (ctx: Context): Promise<Answer> => {
  const service = ctx.query.line('service', 120)
  return service ? pageDuService(ctx, service) : pageDesServices(ctx)
}

const communs = (ctx: Context, refusal?: Refusal) => ({
  base: ctx.tenant.base,
  jeton: ctx.token,
  cle: newSecret(),
  fait: !refusal && ctx.query.has('fait') ? 'L’équipe est enregistrée.' : undefined,
  erreurs: refusal ? [enErreur(refusal)] : [],
})

async function pageDesServices(ctx: Context): Promise<Answer> {
  const services = await inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const teams = new Map((await equipesDe(tx, ctx.tenant.id)).map(team => [team.service, team]))
    return (await servicesDe(tx, ctx.tenant.id)).map(nom => ({
      nom,
      href: adresse(ctx, nom),
      membres: membresEnMots(teams.get(nom)),
      reservee: teams.get(nom)?.reservee ?? false,
    }))
  })
  const children = <Equipes {...communs(ctx)} services={services} />
  const chemin = [{ texte: 'L’équipe', href: `${ctx.tenant.base}/agent/equipe` }]
  return pageAgent(ctx, { title: 'Équipes des services', wide: true, chemin, children }, ctx.agent)
}

// The last one of a reserved team left the collectivité: their access went at once, and somebody must be told.
function membresEnMots(team: EquipeDeService | undefined): string {
  const noms = team?.membres.map(({ nom }) => nom).join(', ')
  return noms || (team?.reservee ? 'Plus personne : aucun agent ne peut ouvrir ces dossiers. Choisissez une équipe.' : 'Pas d’équipe')
}

interface Saisie {
  readonly membres: readonly string[]
  readonly avant: readonly string[]
  readonly reservee: boolean
  readonly etaitReservee: boolean
}

function pageDuService(ctx: Context, service: string, saisie?: Saisie, refusal?: Refusal): Promise<Answer> {
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    if (!(await servicesDe(tx, ctx.tenant.id)).includes(service)) return refused(notFound)
    const team = (await equipesDe(tx, ctx.tenant.id)).find(one => one.service === service)
    const agents = await equipe(tx, ctx.tenant.id, ctx.app.clock.now())
    const present = team?.membres.map(({ id }) => id) ?? []
    const children = (
      <EquipeDuService
        {...communs(ctx, refusal)}
        service={service}
        agents={agents.map(({ id, nom, roles }) => ({ value: id, label: nom, hint: enMots(roles) }))}
        membres={saisie?.membres ?? present}
        avant={saisie?.avant ?? present}
        reservee={saisie?.reservee ?? team?.reservee ?? false}
        etaitReservee={saisie?.etaitReservee ?? team?.reservee ?? false}
      />
    )
    const chemin = [{ texte: 'Équipes des services', href: adresse(ctx) }]
    return pageAgent(ctx, { title: service, chemin, hasErrors: refusal !== undefined, children }, ctx.agent, refusal?.status)
  })
}

/** POST /agent/equipes: what the agent changed since their page was made, so that two people who save the same team lose nothing. */
export function enregistrer(ctx: Context): Promise<Answer> {
  const { form, tenant } = ctx
  const service = form.line('service', 120)
  const saisie: Saisie = {
    membres: form.all('membres', 36).filter(isUuid),
    avant: form.line('avant', 20_000).split(' ').filter(isUuid),
    reservee: form.has('reservee'),
    etaitReservee: form.has('etaitReservee'),
  }
  return once(
    ctx,
    form.secret('_cle', 64),
    { service, ...saisie },
    async tx => {
      if (!(await servicesDe(tx, tenant.id)).includes(service)) return refuse(notFound)
      const done = await enregistrerEquipe(tx, ctx.app, {
        collectiviteId: tenant.id,
        service,
        reservee: saisie.reservee === saisie.etaitReservee ? null : saisie.reservee,
        ajoutes: saisie.membres.filter(id => !saisie.avant.includes(id)),
        retires: saisie.avant.filter(id => !saisie.membres.includes(id)),
        par: ctx.agent.id,
      })
      return done.ok ? ok({ to: `${adresse(ctx, service)}&fait=equipe` }) : done
    },
    { onRefusal: refusal => (refusal === notFound ? refused(notFound) : pageDuService(ctx, service, saisie, refusal)) },
  )
}
