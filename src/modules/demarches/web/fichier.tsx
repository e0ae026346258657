import { once } from '../../../platform/http/once.ts'
import type { Answer, Context } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { ok } from '../../../platform/refusal.ts'
import { pageAgent } from '../../agents/index.ts'
import { creerDemarche } from '../commands/creer-demarche.ts'
import { type DefautDeFichier, lireFichier, schemaPublie, versFichier } from '../fichier.ts'
import { copieDe } from '../queries/copie.ts'
import { adresseDeLaDemarche, adresseDesDemarches, cheminDe, lireLaDemarche } from './acces.ts'
import { PageDImport } from './fichier.page.tsx'

const MAX_BYTES = 1024 * 1024

/** GET: the JSON Schema of a definition (draft 2020-12), for who writes one elsewhere. */
export const servirSchema = (ctx: Context): Promise<Answer> =>
  Promise.resolve({ bytes: JSON.stringify(schemaPublie(ctx.app.origin), null, 1), type: 'application/schema+json; charset=utf-8' })

/** GET: the definition as one file, changes not published included. */
export const servirDefinition = (ctx: Context): Promise<Answer> =>
  lireLaDemarche(ctx, async (tx, offre) => {
    const copie = await copieDe(tx, ctx.tenant.id, offre.id)
    return {
      bytes: versFichier(copie?.modele ?? offre.modele, ctx.app.origin),
      type: 'application/json; charset=utf-8',
      headers: { 'content-disposition': `attachment; filename="${offre.id}.json"` },
    }
  })

/** GET: where to import a definition. */
export const montrerImport = (ctx: Context): Promise<Answer> => pageDe(ctx, [], undefined)

function pageDe(ctx: Context, defauts: readonly DefautDeFichier[], nom: string | undefined, status = 200): Promise<Answer> {
  return pageAgent(
    ctx,
    {
      title: 'Importer une démarche',
      hasErrors: defauts.length > 0,
      chemin: cheminDe(ctx),
      children: (
        <PageDImport action={`${adresseDesDemarches(ctx)}/import`} jeton={ctx.token} cle={newSecret()} defauts={defauts} nom={nom} />
      ),
    },
    ctx.agent,
    status,
  )
}

/** POST: begins a démarche from a file; every reason is listed when it cannot work. */
export async function importerFichier(ctx: Context): Promise<Answer> {
  let bytes: Buffer | undefined
  let nom = ''
  const form = await ctx.readFiles(async (field, name, stream) => {
    if (field !== 'fichier') return
    nom = name
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of stream) {
      size += (chunk as Buffer).length
      if (size <= MAX_BYTES) chunks.push(chunk as Buffer)
    }
    if (size > 0) bytes = size > MAX_BYTES ? Buffer.alloc(0) : Buffer.concat(chunks)
  })
  if (!bytes)
    return pageDe(ctx, [{ lieu: '', message: 'Choisissez le fichier de la démarche, par exemple « pret-de-materiel.json ».' }], nom, 422)
  if (bytes.length === 0)
    return pageDe(ctx, [{ lieu: '', message: 'Ce fichier est trop lourd pour une démarche : 1 Mo au plus.' }], nom, 413)
  const lu = lireFichier(bytes)
  if (!lu.ok) return pageDe(ctx, lu.defauts, nom, 422)
  const { modele } = lu
  return once(ctx, form.secret('_cle', 64), { nom, modele }, async tx => {
    const made = await creerDemarche(ctx.app, tx, { collectiviteId: ctx.tenant.id, agentId: ctx.agent.id }, modele)
    return made.ok ? ok({ to: `${adresseDeLaDemarche(ctx, made.value.id)}/edition` }) : made
  })
}
