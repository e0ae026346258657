import { inTenant } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal, type Result, refuse } from '../../../../platform/refusal.ts'
import type { SelectOption } from '../../../../ui/index.ts'
import { delegations as delegues, enMots, libelleDuRole, nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { choixDeDemarches, toutesLesDemarches } from '../../../demarches/index.ts'
import { dates, definitions } from '../../../formulaires/index.ts'
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

const vide = (ctx: Context) => ({ courriel: '', roles: [], demarche: '', autre: '', service: '', du: aujourdhui(ctx), au: '', motif: '' })

/** POST /agent/delegations: entrusts. */
export async function accorder(ctx: Context): Promise<Answer> {
  const { app, form, tenant } = ctx
  const saisie = {
    courriel: form.line('courriel', 254),
    roles: form.all('roles', 20),
    demarche: form.line('demarche', 60),
    autre: form.line('autre', 200),
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
      const named = saisie.autre ? nommee(demarches, saisie.autre) : ok(saisie.demarche || null)
      if (!named.ok) return named
      if (saisie.service && !parmi(services, saisie.service)) return refuse({ ...refusals.delegation_service, field: 'service' })
      const done = await delegues.deleguer(
        tx,
        app,
        {
          ...{ collectiviteId: tenant.id, courriel: saisie.courriel, roles: saisie.roles, du, au, motif: saisie.motif, par: ctx.agent.id },
          demarcheId: named.value,
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
  // Closed, a démarche still has dossiers to finish: after those that are open.
  const known = await toutesLesDemarches(tx, ctx.tenant.id)
  const demarches = choixDeDemarches.options([
    ...known.filter(({ estOuverte }) => estOuverte),
    ...known.filter(({ estOuverte }) => !estOuverte),
  ])
  const services = (await servicesDe(tx, ctx.tenant.id)).map(service => ({ value: service, label: service }))
  return { demarches, services: services.slice(0, DANS_LA_LISTE) }
}

// What a list of choices may hold (EcoIndex A), « all of them » included.
const DANS_LA_LISTE = 49

/** The démarche that a name means: its whole title, else the only one that contains these words. Refuses none, and several, which are then named. */
function nommee(demarches: readonly SelectOption[], typed: string): Result<string> {
  const wanted = definitions.fold(typed)
  const folded = demarches.map(({ value, label }) => ({ value, label, key: definitions.fold(label) }))
  const exact = folded.find(({ key }) => key === wanted || key === `${wanted} fermee`)
  if (exact) return ok(exact.value)
  const near = folded.filter(({ key }) => key.includes(wanted))
  if (near.length === 1) return ok(near[0]!.value)
  if (near.length === 0) return refuse({ ...refusals.delegation_nom_inconnu, field: 'autre' })
  const names = near.slice(0, 5).map(({ label }) => `« ${label} »`)
  return refuse({
    ...refusals.delegation_nom_vague,
    sentence: `${refusals.delegation_nom_vague.sentence} ${names.join(', ')}.`,
    field: 'autre',
  })
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
        demarches={demarches.slice(0, DANS_LA_LISTE)}
        aPlusDeDemarches={demarches.length > DANS_LA_LISTE}
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
