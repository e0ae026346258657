import type { Readable } from 'node:stream'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import type { Form } from '../../../platform/http/form.ts'
import { once } from '../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../platform/ids.ts'
import { ok, type Refusal, type Result } from '../../../platform/refusal.ts'
import type { FieldError } from '../../../ui/index.ts'
import { pageAgent } from '../../agents/index.ts'
import { ajouterSignataire, modifierSignataire, retirerSignataire, type SaisieDeSignataire } from '../commands/signataires.ts'
import { signataire, signataires } from '../queries/signataires.ts'
import type { SignataireRow } from '../tables.ts'
import { adresseDesModeles, auteurDe } from './acces.ts'
import { IMAGE_MAX_BYTES, refaireSignature } from './image.ts'
import { ListeDesSignatures, PageDeSignature } from './signatures.page.tsx'

const FAITS: Readonly<Record<string, string>> = {
  ajout: 'La signature est ajoutée.',
  modification: 'La signature est modifiée. Les documents déjà émis gardent l’ancienne.',
  retrait: 'Cette signature ne sert plus.',
  retablissement: 'Cette signature peut de nouveau servir.',
}

const adresse = (ctx: Context, id?: string) => `${ctx.tenant.base}/agent/signatures${id ? `/${id}` : ''}`

/** GET: who signs. */
export async function montrerSignatures(ctx: Context): Promise<Answer> {
  const rows = await inTenant(ctx.app.db, ctx.tenant.id, tx => signataires(tx, ctx.tenant.id))
  const lignes = rows.map(({ id, nom, qualite, image, retire_le }) => ({
    ...{ id, nom, qualite, href: adresse(ctx, id) },
    aUneImage: image !== null,
    estRetiree: retire_le !== null,
  }))
  const sceau = ctx.app.config.seal
    ? 'Un cachet électronique scelle aussi chaque document émis : aucun octet ne peut y changer sans que cela se voie.'
    : 'Aucun cachet électronique n’est configuré sur cette installation.'
  const children = (
    <ListeDesSignatures lignes={lignes} ajout={adresse(ctx, 'ajout')} sceau={sceau} fait={FAITS[ctx.query.line('fait', 20)]} />
  )
  return pageAgent(ctx, { title: 'Signatures', chemin: [{ texte: 'Modèles', href: adresseDesModeles(ctx) }], children }, ctx.agent)
}

/** GET …/ajout. */
export const montrerAjout = (ctx: Context): Promise<Answer> => pageDeSignature(ctx, undefined, { nom: '', qualite: '' }, [])

/** GET …/:id. */
export const montrerSignature = (ctx: Context): Promise<Answer> => avecLaSignature(ctx, row => pageDeSignature(ctx, row, row, []))

/** POST: adds one. */
export const ajouter = async (ctx: Context): Promise<Answer> =>
  enregistrer(ctx, await lireEnvoi(ctx), undefined, async (tx, saisie) => {
    const done = await ajouterSignataire(ctx.app, tx, auteurDe(ctx), saisie)
    return done.ok ? ok('ajout') : done
  })

/** POST …/:id: changes it. The body is read before the row: that is where a forged form is met. */
export async function modifier(ctx: Context): Promise<Answer> {
  const envoi = await lireEnvoi(ctx)
  return avecLaSignature(ctx, row =>
    enregistrer(ctx, envoi, row, async (tx, saisie, version) => {
      const done = await modifierSignataire(ctx.app, tx, auteurDe(ctx), row.id, version, saisie)
      return done.ok ? ok('modification') : done
    }),
  )
}

/** POST …/:id/retrait and …/:id/retablissement. */
export const mettreSignature = (sens: 'retirer' | 'remettre') => (ctx: Context) =>
  avecLaSignature(ctx, row =>
    once(ctx, ctx.form.secret('_cle', 64), sens, async tx => {
      await retirerSignataire(ctx.app, tx, auteurDe(ctx), row.id, sens)
      return ok({ to: `${adresse(ctx)}?fait=${sens === 'retirer' ? 'retrait' : 'retablissement'}` })
    }),
  )

async function avecLaSignature(ctx: Context, work: (row: SignataireRow) => Promise<Answer>): Promise<Answer> {
  const id = ctx.params.id
  const row = isUuid(id) ? await inTenant(ctx.app.db, ctx.tenant.id, tx => signataire(tx, ctx.tenant.id, id)) : undefined
  return row ? work(row) : refused(notFound)
}

interface Envoi {
  readonly form: Form
  readonly image: Buffer | 'trop-lourd' | undefined
}

async function lireEnvoi(ctx: Context): Promise<Envoi> {
  let image: Envoi['image']
  const form = await ctx.readFiles(async (field, _name, stream) => {
    if (field === 'image') image = await collect(stream)
  })
  return { form, image }
}

async function enregistrer(
  ctx: Context,
  { form, image: received }: Envoi,
  row: SignataireRow | undefined,
  work: (tx: Tx, saisie: SaisieDeSignataire, version: number) => Promise<Result<string>>,
): Promise<Answer> {
  const typed = { nom: form.line('nom', 120), qualite: form.text('qualite', 200) }
  const image = await imageDe(received, form.has('retirerImage'))
  const again = (refusal: Refusal) =>
    pageDeSignature(ctx, row, typed, [{ champ: refusal.field ?? '', message: refusal.sentence }], refusal.status)
  if (!image.ok) return again(image.refusal)
  const saisie = { ...typed, image: image.value }
  const body = [typed, image.value?.toString('base64') ?? String(image.value)]
  return once(
    ctx,
    form.secret('_cle', 64),
    body,
    async tx => {
      const done = await work(tx, saisie, form.number('version', 0, 0, 1e6))
      return done.ok ? ok({ to: `${adresse(ctx)}?fait=${done.value}` }) : done
    },
    { onRefusal: again },
  )
}

async function imageDe(received: Buffer | 'trop-lourd' | undefined, isRemoved: boolean): Promise<Result<Buffer | null | undefined>> {
  if (received === 'trop-lourd') return refaireSignature(Buffer.alloc(0))
  if (received && received.length > 0) return refaireSignature(received)
  return ok(isRemoved ? null : undefined)
}

async function collect(stream: Readable): Promise<Buffer | 'trop-lourd'> {
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    sizeBytes += part.length
    if (sizeBytes <= IMAGE_MAX_BYTES) parts.push(part)
  }
  return sizeBytes <= IMAGE_MAX_BYTES ? Buffer.concat(parts) : 'trop-lourd'
}

function pageDeSignature(
  ctx: Context,
  row: SignataireRow | undefined,
  saisie: { nom: string; qualite: string },
  erreurs: readonly FieldError[],
  status = 200,
): Promise<Answer> {
  const children = (
    <PageDeSignature
      action={adresse(ctx, row?.id)}
      retour={adresse(ctx)}
      jeton={ctx.token}
      cle={newSecret}
      saisie={saisie}
      erreurs={erreurs}
      connue={row && { version: row.version, image: row.image?.toString('base64'), estRetiree: row.retire_le !== null }}
    />
  )
  const title = row ? row.nom : 'Ajouter une signature'
  return pageAgent(
    ctx,
    { title, hasErrors: erreurs.length > 0, chemin: [{ texte: 'Signatures', href: adresse(ctx) }], children },
    ctx.agent,
    status,
  )
}
