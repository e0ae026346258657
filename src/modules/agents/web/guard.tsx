import type { Fields } from '../../../platform/http/form.ts'
import { type ActingAgent, type Answer, type Context, refused } from '../../../platform/http/route.ts'
import { retourSur } from '../agent.ts'
import { agentAgissant } from '../queries/agent-agissant.ts'
import { refusals } from '../refusals.ts'
import { Reconnexion } from './connexion.page.tsx'
import { adresseDeConnexion, allerSeConnecter, cheminInterne, pageAgent, sessionOuverte } from './shell.ts'

/**
 * The agent of this request, if they may: both factors proved, a role in this collectivité, and this permission. Roles are read at every request.
 * Otherwise the answer: to the sign-in page and back (GET), 401 with what was typed (POST), 403 without the role or the permission.
 */
export async function guard(ctx: Context, permission: string): Promise<ActingAgent | Answer> {
  const session = await sessionOuverte(ctx)
  if (!session) return ctx.method === 'GET' ? allerSeConnecter(ctx) : reconnexion(ctx)
  const agent = await agentAgissant(ctx.app, ctx.tenant.id, session.personneId)
  if (!agent) return refused(refusals.sans_role, await champsGardes(ctx))
  if (!agent.permissions.has(permission)) return refused(refusals.sans_permission, await champsGardes(ctx))
  return agent
}

async function reconnexion(ctx: Context): Promise<Answer> {
  // An act is posted under the page it is made from: /agent/dossiers/42/acceptation → /agent/dossiers/42.
  const retour = retourSur(
    cheminInterne(ctx)
      .replace(/\?.*$/, '')
      .replace(/(\/agent\/.+)\/[^/]+$/, '$1'),
  )
  const children = <Reconnexion connexion={adresseDeConnexion(ctx, retour)} champs={(await champsGardes(ctx)) ?? {}} />
  return pageAgent(ctx, { title: 'Reconnectez-vous', children }, undefined, 401)
}

// What was typed, beside files too, which are not kept; never a password, a code or our own technical fields.
async function champsGardes(ctx: Context): Promise<Fields | undefined> {
  if (ctx.method === 'GET') return undefined
  const { fields } = await ctx.readFiles(async () => {})
  const gardes = Object.entries(fields).filter(([name, value]) => !/^_|passe|code|secret/i.test(name) && value.length > 0)
  return gardes.length > 0 ? Object.fromEntries(gardes) : undefined
}
