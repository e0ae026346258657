import { base32, totpAddress } from '../../../platform/auth/totp.ts'
import { once } from '../../../platform/http/once.ts'
import { type Answer, type Context, redirect, refused } from '../../../platform/http/route.ts'
import { newId } from '../../../platform/ids.ts'
import { qrImage } from '../../../platform/qr.ts'
import { ok, type Refusal } from '../../../platform/refusal.ts'
import { leTerritoire } from '../../territoire/index.ts'
import { choisirMotDePasse, compterEssai, confirmerSecondFacteur, secretPropose } from '../commands/accepter-invitation.ts'
import { type InvitationOuverte, invitationOuverte } from '../queries/invitation.ts'
import { refusals } from '../refusals.ts'
import { ChoixDuMotDePasse, SecondFacteur } from './invitation.page.tsx'
import { pageAgent } from './shell.ts'

const jetonDe = (ctx: Context): string => ctx.params.jeton ?? ''
const adresse = (ctx: Context, etape: '' | '/code'): string =>
  `${ctx.tenant.base}/agent/invitation/${encodeURIComponent(jetonDe(ctx))}${etape}`
const laSienne = (ctx: Context): Promise<InvitationOuverte | undefined> => invitationOuverte(ctx.app, ctx.tenant.id, jetonDe(ctx))

export async function montrerInvitation(ctx: Context): Promise<Answer> {
  const invitation = await laSienne(ctx)
  return invitation ? pageDuMotDePasse(ctx, invitation) : refused(refusals.invitation)
}

// Not through `once`: choosing again what was chosen changes nothing, and the address that would be kept holds the link itself.
export async function choisir(ctx: Context): Promise<Answer> {
  const result = await choisirMotDePasse(ctx.app, {
    jeton: jetonDe(ctx),
    motDePasse: ctx.form.secret('mot_de_passe'),
    collectiviteId: ctx.tenant.id,
  })
  if (result.ok) return redirect(adresse(ctx, '/code'))
  const invitation = result.refusal.field ? await laSienne(ctx) : undefined
  return invitation ? pageDuMotDePasse(ctx, invitation, result.refusal) : refused(result.refusal)
}

function pageDuMotDePasse(ctx: Context, { nom, courriel }: InvitationOuverte, refusal?: Refusal): Promise<Answer> {
  const props = { action: adresse(ctx, ''), jeton: ctx.token, nom, courriel, erreur: refusal?.sentence }
  return pageAgent(
    ctx,
    { title: 'Ouvrir votre compte', hasErrors: refusal !== undefined, children: <ChoixDuMotDePasse {...props} /> },
    undefined,
    refusal?.status,
  )
}

export async function montrerSecondFacteur(ctx: Context): Promise<Answer> {
  const invitation = await laSienne(ctx)
  if (!invitation) return refused(refusals.invitation)
  return invitation.hasPassword ? pageDuSecondFacteur(ctx, invitation) : redirect(adresse(ctx, ''))
}

export async function confirmer(ctx: Context): Promise<Answer> {
  const { app, tenant, host } = ctx
  const jeton = jetonDe(ctx)
  const code = ctx.form.line('code', 20)
  const again = async (refusal: Refusal) => {
    const invitation = refusal === refusals.invitation ? undefined : await laSienne(ctx)
    return invitation ? pageDuSecondFacteur(ctx, invitation, refusal) : refused(refusals.invitation)
  }
  const counted = await compterEssai(app, jeton)
  if (!counted.ok) return again(counted.refusal)
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    { code },
    async tx => {
      const result = await confirmerSecondFacteur(tx, app, { jeton, code, collectiviteId: tenant.id, host })
      return result.ok ? ok({ to: `${tenant.base}/agent`, cookies: [result.value.cookie] }) : result
    },
    { onRefusal: again },
  )
}

async function pageDuSecondFacteur(ctx: Context, { courriel }: InvitationOuverte, refusal?: Refusal): Promise<Answer> {
  const secret = secretPropose(ctx.app, jetonDe(ctx))
  const issuer = (await leTerritoire(ctx.app))?.nom ?? 'Parvis'
  const image = await qrImage(totpAddress(secret, courriel, issuer))
  const groups = base32(secret)
    .replace(/=+$/, '')
    .replace(/(.{4})(?=.)/g, '$1 ')
  const props = { action: adresse(ctx, '/code'), jeton: ctx.token, cle: newId(), erreur: refusal?.sentence, image, secret: groups }
  return pageAgent(
    ctx,
    { title: 'Ajouter le compte à votre téléphone', hasErrors: refusal !== undefined, children: <SecondFacteur {...props} /> },
    undefined,
    refusal?.status,
  )
}
