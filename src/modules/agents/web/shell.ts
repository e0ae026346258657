import { type ActingAgent, type Answer, type Context, page, redirect, type Visitor } from '../../../platform/http/route.ts'
import type { Lien, PageProps } from '../../../ui/index.ts'
import { collectiviteDe, pageDe } from '../../territoire/index.ts'
import { retourSur } from '../agent.ts'

type Props = Omit<PageProps, 'lieu' | 'assets' | 'connexion' | 'noindex'>

/** A page of the agents' side: its links at the top, what the agent may open, and no indexing. `agent` is left out before they are known. */
export async function pageAgent(ctx: Context, props: Props, agent?: ActingAgent, status = 200): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  return page(
    await pageDe(ctx.app, collectivite, {
      enhanced: true,
      ...props,
      noindex: true,
      connexion: agent ? liens(collectivite.base, agent) : [],
    }),
    status,
  )
}

function liens(base: string, { permissions }: ActingAgent): Lien[] {
  return [
    ...(permissions.has('dossiers.lire')
      ? [
          { texte: 'Accueil', href: `${base}/agent/accueil` },
          { texte: 'Dossiers', href: `${base}/agent/dossiers` },
          { texte: 'Chiffres', href: `${base}/agent/chiffres` },
        ]
      : []),
    ...(permissions.has('reglages.modifier') ? [{ texte: 'Démarches', href: `${base}/agent/demarches` }] : []),
    ...(permissions.has('agents.gerer') ? [{ texte: 'Équipe', href: `${base}/agent/equipe` }] : []),
    ...(permissions.has('reglages.modifier') ? [{ texte: 'Réglages', href: `${base}/agent/reglages` }] : []),
    ...(permissions.has('journal.lire') ? [{ texte: 'Journal', href: `${base}/agent/journal` }] : []),
    { texte: 'Votre compte', href: `${base}/agent/compte` },
  ]
}

/** The session of an agent who proved both factors; undefined otherwise. */
export async function sessionOuverte(ctx: Context): Promise<(Visitor & { personneId: string }) | undefined> {
  const session = await ctx.visitor('agent')
  return session?.step === 'ouverte' && session.personneId !== null ? { ...session, personneId: session.personneId } : undefined
}

/** Where one signs in, to come back afterwards to a page of this collectivité. */
export function adresseDeConnexion(ctx: Context, retour: string | undefined, etape: '' | '/code' = ''): string {
  return `${ctx.tenant.base}/agent/connexion${etape}${retour ? `?retour=${encodeURIComponent(retour)}` : ''}`
}

/** Sends to the sign-in page, to come back here. */
export const allerSeConnecter = (ctx: Context): Answer => redirect(adresseDeConnexion(ctx, retourSur(cheminInterne(ctx))))

/** The path asked for, without the segment of the collectivité. */
export function cheminInterne(ctx: Context): string {
  const segment = `/${ctx.params.commune ?? ''}`
  return ctx.path.startsWith(`${segment}/`) ? ctx.path.slice(segment.length) : ctx.path
}
