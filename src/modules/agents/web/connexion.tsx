import { sessionCookieName } from '../../../platform/auth/sessions.ts'
import { type Answer, type Context, page, redirect, refused } from '../../../platform/http/route.ts'
import type { Refusal } from '../../../platform/refusal.ts'
import type { LinkItem } from '../../../ui/index.ts'
import { collectiviteParId, pageDe } from '../../territoire/index.ts'
import { accueilDe, courrielDeCompte, enMots, retourSur } from '../agent.ts'
import { fermerSession } from '../commands/fermer-session.ts'
import { verifierCode } from '../commands/verifier-code.ts'
import { verifierMotDePasse } from '../commands/verifier-mot-de-passe.ts'
import { agentAgissant, aidesDeLAgent, collectivitesDeLAgent } from '../queries/agent-agissant.ts'
import { refusals } from '../refusals.ts'
import { Code, Collectivites, Compte, Connexion, OuSeConnecter } from './connexion.page.tsx'
import { adresseDeConnexion, allerSeConnecter, pageAgent, sessionOuverte } from './shell.ts'

/** GET /agent: to one's first page here. */
export async function entrer(ctx: Context): Promise<Answer> {
  const session = await sessionOuverte(ctx)
  if (!session) return redirect(adresseDeConnexion(ctx, undefined))
  const agent = await agentAgissant(ctx.app, ctx.tenant.id, session.personneId)
  return agent ? redirect(ctx.tenant.base + accueilDe(agent.permissions)) : refused(refusals.sans_role)
}

export async function montrerConnexion(ctx: Context): Promise<Answer> {
  const retour = retourSur(ctx.query.line('retour', 1000))
  if (await sessionOuverte(ctx)) return redirect(ctx.tenant.base + (retour ?? '/agent'))
  const info = ctx.query.has('deconnecte') ? 'Vous êtes déconnecté.' : retour ? 'Connectez-vous pour ouvrir cette page.' : undefined
  return pageDeConnexion(ctx, { courriel: '', retour, info })
}

export async function seConnecter(ctx: Context): Promise<Answer> {
  const courriel = ctx.form.line('courriel', 254)
  const retour = retourSur(ctx.form.line('retour', 1000))
  const { app, tenant, host } = ctx
  const essai = { courriel: courrielDeCompte(courriel), motDePasse: ctx.form.secret('mot_de_passe'), collectiviteId: tenant.id, host }
  const result = await verifierMotDePasse(app, essai)
  if (!result.ok) return pageDeConnexion(ctx, { courriel, retour }, result.refusal)
  return redirect(adresseDeConnexion(ctx, retour, '/code'), [result.value.cookie])
}

function pageDeConnexion(
  ctx: Context,
  { courriel, retour, info }: { courriel: string; retour: string | undefined; info?: string | undefined },
  refusal?: Refusal,
): Promise<Answer> {
  const action = adresseDeConnexion(ctx, undefined)
  const children = (
    <Connexion action={action} jeton={ctx.token} retour={retour} courriel={courriel} info={info} erreur={refusal?.sentence} />
  )
  return pageAgent(ctx, { title: 'Connexion des agents', hasErrors: refusal !== undefined, children }, undefined, refusal?.status)
}

export async function montrerCode(ctx: Context): Promise<Answer> {
  const retour = retourSur(ctx.query.line('retour', 1000))
  const session = await ctx.visitor('agent')
  if (session?.step === 'ouverte') return redirect(ctx.tenant.base + (retour ?? '/agent'))
  return session ? pageDuCode(ctx, retour) : redirect(adresseDeConnexion(ctx, retour))
}

export async function donnerCode(ctx: Context): Promise<Answer> {
  const { app, tenant, host } = ctx
  const retour = retourSur(ctx.form.line('retour', 1000))
  const session = await ctx.visitor('agent')
  if (session?.step === 'ouverte') return redirect(tenant.base + (retour ?? '/agent'))
  if (!session) return redirect(adresseDeConnexion(ctx, retour))
  const result = await verifierCode(app, { session, code: ctx.form.line('code', 20), collectiviteId: tenant.id, host })
  if (!result.ok) return pageDuCode(ctx, retour, result.refusal)
  return redirect(tenant.base + (retour ?? (await premierePage(ctx, result.value.agentId))), [result.value.cookie])
}

function pageDuCode(ctx: Context, retour: string | undefined, refusal?: Refusal): Promise<Answer> {
  const action = adresseDeConnexion(ctx, undefined, '/code')
  const recommencer = adresseDeConnexion(ctx, retour)
  const children = <Code action={action} jeton={ctx.token} retour={retour} erreur={refusal?.sentence} recommencer={recommencer} />
  return pageAgent(ctx, { title: 'Votre code', hasErrors: refusal !== undefined, children }, undefined, refusal?.status)
}

async function premierePage(ctx: Context, agentId: string): Promise<string> {
  const [places, aides] = [await collectivitesDeLAgent(ctx.app, agentId), await aidesDeLAgent(ctx.app, agentId)]
  if (aides.length > 0) return '/agent/collectivites'
  const isElsewhere = places.length === 1 && places[0]?.collectiviteId !== ctx.tenant.id
  return places.length > 1 || isElsewhere ? '/agent/collectivites' : '/agent'
}

export async function montrerCollectivites(ctx: Context): Promise<Answer> {
  const session = await sessionOuverte(ctx)
  if (!session) return allerSeConnecter(ctx)
  const places = await collectivitesDeLAgent(ctx.app, session.personneId)
  const items = await Promise.all(places.map(({ collectiviteId, roles }) => lienVers(ctx, collectiviteId, enMots(roles))))
  items.sort((a, b) => a.texte.localeCompare(b.texte, 'fr'))
  const children = <Collectivites items={items} aides={await aidesEnMots(ctx, session.personneId)} />
  return pageAgent(ctx, { title: 'Où travaillez-vous maintenant ?', children })
}

async function lienVers(ctx: Context, collectiviteId: string, description: string): Promise<LinkItem> {
  const { nom, base, address } = await collectiviteParId(ctx.app, collectiviteId)
  // Between two host names the session does not follow: one signs in again there.
  return { texte: nom, href: `${base !== '' && ctx.tenant.base !== '' ? base : address}/agent`, description }
}

/** Where dossiers were entrusted to this person, and until when. */
const aidesEnMots = async (ctx: Context, agentId: string): Promise<LinkItem[]> =>
  Promise.all(
    (await aidesDeLAgent(ctx.app, agentId)).map(({ collectiviteId, roles, au }) =>
      lienVers(ctx, collectiviteId, `${enMots(roles)}, jusqu’au ${jourEnMots(au)}`),
    ),
  )

const jourEnMots = (day: string): string =>
  new Intl.DateTimeFormat('fr-FR', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(day))

export async function montrerCompte(ctx: Context): Promise<Answer> {
  const session = await sessionOuverte(ctx)
  if (!session) return allerSeConnecter(ctx)
  const agent = await agentAgissant(ctx.app, ctx.tenant.id, session.personneId)
  if (!agent) return refused(refusals.sans_role)
  const places = await collectivitesDeLAgent(ctx.app, agent.id)
  const { nom, courriel } = agent
  const aides = await aidesEnMots(ctx, agent.id)
  const plusieurs = places.length + aides.length > 1
  const props = { base: ctx.tenant.base, jeton: ctx.token, nom, courriel, roles: enMots(agent.roles), plusieurs, aides }
  return pageAgent(ctx, { title: 'Votre compte', children: <Compte {...props} /> }, agent)
}

/** The browser also forgets what it kept of our pages; the cookie of a resident's own session is left alone. */
export async function seDeconnecter(ctx: Context): Promise<Answer> {
  const session = await ctx.visitor('agent')
  if (session) await fermerSession(ctx.app, ctx.tenant.id, session)
  const to = `${adresseDeConnexion(ctx, undefined)}?deconnecte`
  return {
    ...redirect(to, [{ name: sessionCookieName(ctx.app, 'agent'), value: '' }]),
    headers: { 'clear-site-data': '"cache", "storage"' },
  }
}

export async function montrerOuSeConnecter(ctx: Context): Promise<Answer> {
  return page(await pageDe(ctx.app, undefined, { title: 'Vous êtes agent', children: <OuSeConnecter /> }))
}
