import { inTenant } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { delegations as delegues, enMots, libelleDuRole, nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { demarchesOuvertes } from '../../../demarches/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { servicesDe } from '../../queries/services.ts'
import { refusals } from '../../refusals.ts'
import { aujourdhui, enErreur, jourTape } from './acces.ts'
import { type DelegationAffichee, Delegations, type DelegationsProps } from './equipes.page.tsx'

const FAITS: Readonly<Record<string, string>> = {
  accordee: 'Les dossiers sont confiés : la personne est prévenue par courriel.',
  retiree: 'La délégation est retirée. Elle ne vaut plus rien dès maintenant.',
}
// What ended longer ago is in the journal.
const MONTREES_JOURS = 90

const adresse = (ctx: Context) => `${ctx.tenant.base}/agent/delegations`
const parties = (ctx: Context, name: string) => ({
  jour: ctx.form.line(`${name}-jour`, 2),
  mois: ctx.form.line(`${name}-mois`, 2),
  annee: ctx.form.line(`${name}-annee`, 4),
})

/** GET /agent/delegations: what is entrusted, and the form. */
export const montrerDelegations = (ctx: Context): Promise<Answer> => laPage(ctx, vide(ctx))

const vide = (ctx: Context) => ({ courriel: '', roles: [], demarche: '', service: '', du: aujourdhui(ctx), au: '', motif: '' })

/** POST /agent/delegations: entrusts. */
export async function accorder(ctx: Context): Promise<Answer> {
  const { app, form, tenant } = ctx
  const saisie = {
    courriel: form.line('courriel', 254),
    roles: form.all('roles', 20),
    demarche: form.line('demarche', 60),
    service: form.line('service', 120),
    du: parties(ctx, 'du'),
    au: parties(ctx, 'au'),
    motif: form.text('motif', 500),
  }
  const agent = await delegues.delegataire(app, saisie.courriel)
  return once(
    ctx,
    form.secret('_cle', 64),
    saisie,
    async tx => {
      const { demarches, services } = await choix(ctx, tx)
      const [du, au] = [jourTape(saisie.du), jourTape(saisie.au)]
      // Gone since the page was made, it must not become « all of them ».
      const parmi = (options: readonly { readonly value: string }[], typed: string) => options.some(({ value }) => value === typed)
      if (saisie.demarche && !parmi(demarches, saisie.demarche)) return refuse({ ...refusals.delegation_demarche, field: 'demarche' })
      if (saisie.service && !parmi(services, saisie.service)) return refuse({ ...refusals.delegation_service, field: 'service' })
      const done = await delegues.deleguer(
        tx,
        app,
        {
          ...{ collectiviteId: tenant.id, courriel: saisie.courriel, roles: saisie.roles, du, au, motif: saisie.motif, par: ctx.agent.id },
          demarcheId: saisie.demarche || null,
          service: saisie.service || null,
          periode: du && au ? periode(du, au) : '',
        },
        agent,
      )
      return done.ok ? ok({ to: `${adresse(ctx)}?fait=accordee` }) : done
    },
    { onRefusal: refusal => laPage(ctx, saisie, refusal) },
  )
}

/** POST /agent/delegations/:id/retrait. */
export function retirer(ctx: Context): Promise<Answer> {
  const { id = '' } = ctx.params
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    {},
    async tx => {
      if (!isUuid(id)) return refuse(notFound)
      const done = await delegues.retirerDelegation(tx, ctx.app, { collectiviteId: ctx.tenant.id, id, par: ctx.agent.id })
      return done.ok ? ok({ to: `${adresse(ctx)}?fait=retiree` }) : done
    },
    { onRefusal: refusal => (refusal === notFound ? refused(notFound) : laPage(ctx, vide(ctx), refusal)) },
  )
}

async function choix(ctx: Context, tx: Parameters<typeof servicesDe>[0]) {
  const demarches = (await demarchesOuvertes(tx, ctx.tenant.id)).map(({ id, modele }) => ({ value: id, label: modele.titre }))
  const services = (await servicesDe(tx, ctx.tenant.id)).map(service => ({ value: service, label: service }))
  return { demarches: demarches.slice(0, 49), services: services.slice(0, 49) }
}

function laPage(ctx: Context, saisie: DelegationsProps['saisie'], refusal?: Refusal): Promise<Answer> {
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const { demarches, services } = await choix(ctx, tx)
    const today = aujourdhui(ctx)
    const delegations = await delegues.delegationsDe(tx, ctx.tenant.id, dates.addDays(today, -MONTREES_JOURS) ?? today)
    const noms = await nomsDesAgents(
      tx,
      delegations.map(({ accordeePar }) => accordeePar),
    )
    const titres = new Map(demarches.map(({ value, label }) => [value, label]))
    const children = (
      <Delegations
        base={ctx.tenant.base}
        jeton={ctx.token}
        cle={newSecret()}
        fait={refusal ? undefined : FAITS[ctx.query.line('fait', 20)]}
        erreurs={refusal ? [enErreur(refusal)] : []}
        delegations={delegations.map(one => affichee(one, today, noms.get(one.accordeePar) ?? 'un agent', titres))}
        roles={delegues.ROLES_DELEGABLES.map(role => ({ value: role, label: libelleDuRole[role].nom, hint: libelleDuRole[role].permet }))}
        demarches={demarches}
        services={services}
        saisie={saisie}
      />
    )
    const chemin = [{ texte: 'Équipes des services', href: `${ctx.tenant.base}/agent/equipes` }]
    const title = 'Dossiers confiés ailleurs'
    return pageAgent(ctx, { title, wide: true, chemin, hasErrors: refusal !== undefined, children }, ctx.agent, refusal?.status)
  })
}

function affichee(delegation: delegues.Delegation, today: string, par: string, titres: ReadonlyMap<string, string>): DelegationAffichee {
  const { id, nom, courriel, roles, demarcheId, service, du, au, motif, retireeLe } = delegation
  const quoi = [demarcheId && (titres.get(demarcheId) ?? demarcheId), service].filter(Boolean).join(', ')
  const isOver = retireeLe !== null || au < today
  return {
    ...{ id, motif, par: `accordée par ${par}`, roles: enMots(roles), nom: `${nom} (${courriel})`, periode: periode(du, au) },
    quoi: quoi || 'Tous',
    etat: retireeLe
      ? { mots: 'Retirée', tone: 'neutre' }
      : isOver
        ? { mots: 'Finie', tone: 'neutre' }
        : du > today
          ? { mots: 'À venir', tone: 'info' }
          : { mots: 'En cours', tone: 'succes' },
    peutRetirer: !isOver,
  }
}

const periode = (du: string, au: string): string => `du ${dates.longDate(du)} au ${dates.longDate(au)}`
