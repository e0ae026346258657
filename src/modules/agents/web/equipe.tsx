import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { once } from '../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { isUuid, newId } from '../../../platform/ids.ts'
import { isPlainAddress } from '../../../platform/mail/message.ts'
import { ok, type Refusal, type Result } from '../../../platform/refusal.ts'
import type { FieldError } from '../../../ui/index.ts'
import { collectiviteDe, fuseau } from '../../territoire/index.ts'
import { courrielDeCompte, rolesLus } from '../agent.ts'
import { type Acte, changerRoles, rendreAcces, retirerAcces } from '../commands/changer-acces.ts'
import { inviterAgent, renvoyerInvitation } from '../commands/inviter-agent.ts'
import { equipe, type Membre, membreDeLEquipe } from '../queries/equipe.ts'
import { refusals } from '../refusals.ts'
import { Equipe, type EquipeProps, type MembreAffiche, Membre as PageMembre } from './equipe.page.tsx'
import { pageAgent } from './shell.ts'

const RETRAITS_MONTRES_MS = 30 * 24 * 3_600_000

// What was just done, said on the page where the act leads.
const FAITS: Readonly<Record<string, string>> = {
  invitation: 'L’invitation est partie.',
  roles: 'Les rôles sont enregistrés.',
  retrait: 'L’accès est retiré.',
  retablissement: 'L’accès est rendu.',
}

export const montrerEquipe = (ctx: Context): Promise<Answer> => pageDeLEquipe(ctx, { courriel: '', nom: '', roles: [] }, [], 200)

export async function inviter(ctx: Context): Promise<Answer> {
  const saisie = { courriel: ctx.form.line('courriel', 254), nom: ctx.form.line('nom', 120), roles: rolesLus(ctx.form.all('roles')) }
  const erreurs = erreursDInvitation(saisie)
  if (erreurs.length > 0) return pageDeLEquipe(ctx, saisie, erreurs, 422)
  const { app, tenant, agent } = ctx
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    saisie,
    async tx => {
      const result = await inviterAgent(tx, app, { ...saisie, collectiviteId: tenant.id, par: agent.id })
      return result.ok ? ok({ to: `${tenant.base}/agent/equipe?fait=invitation` }) : result
    },
    { onRefusal: refusal => pageDeLEquipe(ctx, saisie, [enErreur(refusal)], refusal.status) },
  )
}

const enErreur = (refusal: Refusal): FieldError => ({ champ: refusal.field ?? '', message: refusal.sentence })

function erreursDInvitation({ courriel, nom, roles }: EquipeProps['saisie']): FieldError[] {
  return [
    ...(nom ? [] : [{ champ: 'nom', message: refusals.nom.sentence }]),
    ...(isPlainAddress(courrielDeCompte(courriel)) ? [] : [{ champ: 'courriel', message: refusals.courriel.sentence }]),
    ...(roles.length > 0 ? [] : [{ champ: 'roles', message: 'Cochez au moins un rôle.' }]),
  ]
}

async function pageDeLEquipe(ctx: Context, saisie: EquipeProps['saisie'], erreurs: readonly FieldError[], status: number): Promise<Answer> {
  const { app, tenant } = ctx
  const depuis = new Date(app.clock.now().getTime() - RETRAITS_MONTRES_MS)
  const membres = await inTenant(app.db, tenant.id, tx => equipe(tx, tenant.id, depuis))
  const children = <Equipe {...communs(ctx, erreurs)} membres={membres.map(membre => affiche(ctx, membre))} saisie={saisie} />
  return pageAgent(ctx, { title: 'L’équipe', wide: true, hasErrors: erreurs.length > 0, children }, ctx.agent, status)
}

const communs = (ctx: Context, erreurs: readonly FieldError[]) => ({
  base: ctx.tenant.base,
  jeton: ctx.token,
  cle: newId(),
  fait: erreurs.length === 0 ? FAITS[ctx.query.line('fait', 20)] : undefined,
  erreurs,
})

function affiche(ctx: Context, membre: Membre): MembreAffiche {
  const isWithdrawn = membre.roles.length === 0
  return { ...membre, isWithdrawn, isSelf: membre.id === ctx.agent.id, etat: etatDe(ctx, membre, isWithdrawn) }
}

function etatDe(ctx: Context, { hasAccount, invitationExpireLe }: Membre, isWithdrawn: boolean): MembreAffiche['etat'] {
  if (isWithdrawn) return { mots: 'Accès retiré', tone: 'neutre' }
  if (hasAccount) return { mots: 'Ouvert', tone: 'succes' }
  if (!invitationExpireLe || invitationExpireLe <= ctx.app.clock.now()) return { mots: 'Invitation périmée', tone: 'danger' }
  const format = new Intl.DateTimeFormat('fr-FR', {
    day: 'numeric',
    month: 'long',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: fuseau(collectiviteDe(ctx)),
  })
  return { mots: `Invité, jusqu’au ${format.format(invitationExpireLe)}`, tone: 'attention' }
}

export const montrerMembre = (ctx: Context): Promise<Answer> => pageDuMembre(ctx, undefined)

async function pageDuMembre(ctx: Context, refusal: Refusal | undefined, roles?: readonly string[]): Promise<Answer> {
  const membre = await leMembre(ctx)
  if (!membre) return refused(notFound)
  const erreurs = refusal ? [enErreur(refusal)] : []
  const children = <PageMembre {...communs(ctx, erreurs)} membre={affiche(ctx, membre)} roles={roles ?? membre.roles} />
  const chemin = [{ texte: 'L’équipe', href: `${ctx.tenant.base}/agent/equipe` }]
  return pageAgent(ctx, { title: membre.nom, chemin, hasErrors: refusal !== undefined, children }, ctx.agent, refusal?.status)
}

async function leMembre({ app, tenant, params }: Context): Promise<Membre | undefined> {
  const { id } = params
  return isUuid(id) ? inTenant(app.db, tenant.id, tx => membreDeLEquipe(tx, tenant.id, id)) : undefined
}

type Commande = (tx: Tx, acte: Acte) => Promise<Result<unknown>>

/** One act on one agent: `fait` is what the page says afterwards. */
async function agir(ctx: Context, fait: string, corps: object, commande: Commande, roles?: readonly string[]): Promise<Answer> {
  const { tenant, agent } = ctx
  const membre = await leMembre(ctx)
  if (!membre) return refused(notFound)
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    corps,
    async tx => {
      const result = await commande(tx, { agentId: membre.id, collectiviteId: tenant.id, par: agent.id })
      return result.ok ? ok({ to: `${tenant.base}/agent/equipe/${membre.id}?fait=${fait}` }) : result
    },
    { onRefusal: refusal => pageDuMembre(ctx, refusal, roles) },
  )
}

export function enregistrerRoles(ctx: Context): Promise<Answer> {
  const roles = rolesLus(ctx.form.all('roles'))
  return agir(ctx, 'roles', { roles }, (tx, acte) => changerRoles(tx, ctx.app, acte, roles), roles)
}

export const retirer = (ctx: Context): Promise<Answer> => agir(ctx, 'retrait', {}, (tx, acte) => retirerAcces(tx, ctx.app, acte))

export const rendre = (ctx: Context): Promise<Answer> => agir(ctx, 'retablissement', {}, (tx, acte) => rendreAcces(tx, ctx.app, acte))

export const renvoyer = (ctx: Context): Promise<Answer> => agir(ctx, 'invitation', {}, (tx, acte) => renvoyerInvitation(tx, ctx.app, acte))
