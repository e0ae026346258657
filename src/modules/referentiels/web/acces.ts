import type { Readable } from 'node:stream'
import { readInTenant, type Tx } from '../../../platform/db/open.ts'
import type { Form } from '../../../platform/http/form.ts'
import { once } from '../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { ok, type Refusal, type Result } from '../../../platform/refusal.ts'
import type { FieldError, Lien } from '../../../ui/index.ts'
import type { Auteur } from '../commands/enregistrer-liste.ts'
import { type ListeLue, maxOctets } from '../liste.ts'
import type { Lire } from '../queries/adresses.ts'
import { liste } from '../queries/listes.ts'
import type { ReferentielRow } from '../tables.ts'

export const adresseDesListes = (ctx: Context): string => `${ctx.tenant.base}/agent/referentiels`

export const adresseDeLaListe = (ctx: Context, id = ctx.params.liste): string => `${adresseDesListes(ctx)}/${id}`

/** The way back from a page of a list. */
export const cheminDe = (ctx: Context, row?: ReferentielRow): Lien[] => [
  { texte: 'Démarches', href: `${ctx.tenant.base}/agent/demarches` },
  { texte: 'Listes', href: adresseDesListes(ctx) },
  ...(row ? [{ texte: row.nom, href: adresseDeLaListe(ctx, row.id) }] : []),
]

export const auteurDe = (ctx: Context): Auteur => ({ collectiviteId: ctx.tenant.id, agentId: ctx.agent.id, le: ctx.app.clock.now() })

/** Reads rows of the collectivité of the route. */
export const lireDans =
  (ctx: Context): Lire =>
  query =>
    readInTenant(ctx.app.db, ctx.tenant.id, query)

/** The list of the route, of this nature when one is asked; the same 404 when there is none. */
export async function avecLaListe(
  ctx: Context,
  nature: ReferentielRow['nature'] | undefined,
  show: (row: ReferentielRow) => Promise<Answer>,
): Promise<Answer> {
  const row = await liste(lireDans(ctx), ctx.tenant.id, ctx.params.liste ?? '')
  return row && (nature === undefined || row.nature === nature) ? show(row) : refused(notFound)
}

/** Does something once for the form's key, then goes to the list that it gives, with a word of what was done. */
export function agir(
  ctx: Context,
  form: Form,
  body: unknown,
  work: (tx: Tx) => Promise<Result<string>>,
  onRefusal?: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  return once(
    ctx,
    form.secret('_cle', 64),
    body,
    async tx => {
      const done = await work(tx)
      return done.ok ? ok({ to: done.value }) : done
    },
    onRefusal ? { onRefusal } : {},
  )
}

/** The file of a form, and its other fields; an error when there is none, or when it is too heavy. */
export async function lireEnvoi(ctx: Context): Promise<{ form: Form; bytes: Buffer | undefined; erreur: FieldError | undefined }> {
  let received: { bytes: Buffer; sizeBytes: number } | undefined
  const form = await ctx.readFiles(async (field, _name, stream) => {
    const read = await collecter(stream)
    if (field === 'fichier' && read.sizeBytes > 0) received = read
  })
  const message = !received
    ? 'Choisissez le fichier de la liste, enregistré au format CSV.'
    : received.sizeBytes > maxOctets
      ? 'Ce fichier est trop lourd : 5 Mo au plus. Gardez seulement les colonnes et les lignes utiles.'
      : undefined
  return { form, bytes: message ? undefined : received?.bytes, erreur: message ? { champ: 'fichier', message } : undefined }
}

async function collecter(stream: Readable): Promise<{ bytes: Buffer; sizeBytes: number }> {
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    sizeBytes += part.length
    if (sizeBytes <= maxOctets) parts.push(part)
  }
  return { bytes: Buffer.concat(parts), sizeBytes }
}

/** The refusal of a form as an error of one of its fields. */
export const enErreurs = (refusal: Refusal | undefined, byDefault: string): FieldError[] =>
  refusal ? [{ champ: refusal.field ?? byDefault, message: refusal.sentence }] : []

/** The reasons of a file that is refused; none when it is read. */
export const problemesDe = (lue: ListeLue) => (lue.ok ? [] : lue.problemes)
