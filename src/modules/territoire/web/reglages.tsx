import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { once } from '../../../platform/http/once.ts'
import { type Answer, type Context, page } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { ok } from '../../../platform/refusal.ts'
import type { FieldError, Lien } from '../../../ui/index.ts'
import { inconnus } from '../collectivite.ts'
import { modifierReglages } from '../commands/modifier-reglages.ts'
import { COULEUR_PAR_DEFAUT, collectiviteDe, pageDe } from './lieu.tsx'
import { LOGO_MAX_BYTES, reduireLogo } from './logo.ts'
import { lireReglages, type SaisieReglages, saisieDe } from './reglages.form.ts'
import { PageReglages } from './reglages.page.tsx'

/** GET: the settings as they are. */
export async function montrerReglages(ctx: Context): Promise<Answer> {
  const estEnregistre = ctx.query.line('enregistre', 3) === 'oui'
  return page(await render(ctx, saisieDe(collectiviteDe(ctx).reglage), newSecret(), { estEnregistre }))
}

/** POST: everything is checked, then written at once; an error writes nothing and gives back what was typed. */
export async function enregistrerReglages(ctx: Context): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  let recu: Buffer | 'trop-lourd' | undefined
  const form = await ctx.readFiles(async (field, _name, stream) => {
    if (field === 'logo') recu = await collect(stream, LOGO_MAX_BYTES)
  })
  const { saisie, errors, valeur } = lireReglages(form)
  const logo = await logoDe(recu, form.has('retirerLogo') ? null : collectivite.reglage.logo)
  const all = logo.error ? [...errors, logo.error] : errors
  const cle = form.line('_cle', 64)
  if (all.length > 0) return page(await render(ctx, saisie, cle || newSecret(), { errors: all }), 422)
  const reglage = { ...valeur, logo: logo.value }
  const body = [valeur, logo.value && createHash('sha256').update(logo.value).digest('hex')]
  const answer = await once(ctx, cle, body, async tx => {
    await modifierReglages(tx, ctx.app.clock.now(), collectivite, ctx.agent.id, reglage)
    return ok({ to: `${collectivite.base}/agent/reglages?enregistre=oui` })
  })
  // The notice reaches the other processes; this one, which answers next, must not wait for it.
  ctx.app.cache.invalidate(collectivite.id)
  return answer
}

/** Reads a stream to its end, keeping at most `maxBytes`. */
async function collect(stream: Readable, maxBytes: number): Promise<Buffer | 'trop-lourd'> {
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    sizeBytes += part.length
    if (sizeBytes <= maxBytes) parts.push(part)
  }
  return sizeBytes <= maxBytes ? Buffer.concat(parts) : 'trop-lourd'
}

async function logoDe(
  recu: Buffer | 'trop-lourd' | undefined,
  actuel: Buffer | null,
): Promise<{ value: Buffer | null; error?: FieldError }> {
  if (recu === undefined || recu.length === 0) return { value: actuel }
  if (recu === 'trop-lourd') return { value: actuel, error: { champ: 'logo', message: 'Logo : 1 Mo au plus. Réduisez l’image.' } }
  const reduced = await reduireLogo(recu)
  return reduced.ok ? { value: reduced.value } : { value: actuel, error: { champ: 'logo', message: reduced.refusal.sentence } }
}

async function render(
  ctx: Context,
  saisie: SaisieReglages,
  cle: string,
  { errors = [], estEnregistre = false }: { errors?: readonly FieldError[]; estEnregistre?: boolean },
): Promise<string> {
  const collectivite = collectiviteDe(ctx)
  const { base, reglage } = collectivite
  return pageDe(ctx.app, collectivite, {
    title: 'Réglages',
    noindex: true,
    enhanced: true,
    hasErrors: errors.length > 0,
    chemin: [{ texte: collectivite.nom, href: base || '/' }],
    connexion: liens(base, ctx.agent.permissions),
    children: (
      <PageReglages
        action={`${base}/agent/reglages`}
        logiciels={`${base}/agent/jetons`}
        registre={`${base}/agent/registre`}
        effacements={`${base}/agent/effacements`}
        jeton={ctx.token}
        cle={cle}
        saisie={saisie}
        errors={errors}
        estEnregistre={estEnregistre}
        inconnus={inconnus(reglage)}
        couleur={reglage.couleur ?? COULEUR_PAR_DEFAUT}
        logo={reglage.logo?.toString('base64')}
      />
    ),
  })
}

// The pages of agents, as far as this one may open them. The module agents, which knows them all, depends on this one: not the other way.
function liens(base: string, permissions: ReadonlySet<string>): Lien[] {
  const pages = [
    ['dossiers.lire', 'Dossiers', '/agent/dossiers'],
    ['agents.gerer', 'Équipe', '/agent/equipe'],
    ['reglages.modifier', 'Réglages', '/agent/reglages'],
    ['journal.lire', 'Journal', '/agent/journal'],
  ] as const
  const open = pages.filter(([permission]) => permissions.has(permission)).map(([, texte, path]) => ({ texte, href: base + path }))
  return [...open, { texte: 'Votre compte', href: `${base}/agent/compte` }]
}
