import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { type ReceivedFile, receiveFile, recordFile } from '../../../platform/files/index.ts'
import type { Form } from '../../../platform/http/form.ts'
import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { enqueue } from '../../../platform/jobs/jobs.ts'
import type { FieldError } from '../../../ui/index.ts'
import type { Piece } from '../tables.ts'

/** What came with a form that takes a few files of any admitted kind under one name. */
export interface Recu {
  readonly form: Form
  readonly files: readonly ReceivedFile[]
  readonly erreurs: readonly FieldError[]
  /** What tells two sendings apart: the words of the files, never where they lie. */
  readonly empreinte: readonly string[]
}

/** Reads a posted form; each file named `champ` goes encrypted to disk as it arrives, `maximum` at most. */
export async function recevoir(ctx: Context, champ: string, maximum: number): Promise<Recu> {
  const files: ReceivedFile[] = []
  const erreurs: FieldError[] = []
  const form = await ctx.readFiles(async (name, fileName, stream) => {
    if (name !== champ) return
    const result = await receiveFile(ctx.app.files, stream, { collectiviteId: ctx.tenant.id, name: fileName })
    if (result.ok) files.push(result.value)
    else erreurs.push({ champ, message: result.refusal.sentence })
  })
  const message = maximum === 1 ? 'Joignez un seul fichier.' : `Joignez ${maximum} fichiers au plus.`
  if (files.length > maximum) erreurs.push({ champ, message })
  return { form, files, erreurs, empreinte: files.map(({ name, sha256 }) => `${name} ${sha256.toString('hex')}`) }
}

/** The 404 of a form with files whose target is unknown: read all the same, keeping nothing, so that one from elsewhere is refused as such. */
export async function sansCorps(ctx: Context): Promise<Answer> {
  await ctx.readFiles(async () => {})
  return refused(notFound)
}

/** Keeps received files in the caller's transaction, with the job that verifies each. */
export async function garderFichiers(app: App, tx: Tx, files: readonly ReceivedFile[]): Promise<Piece[]> {
  const pieces: Piece[] = []
  for (const file of files) {
    const id = await recordFile(app.files, tx, file)
    await enqueue(tx, 'verifier-fichier', { collectiviteId: file.collectiviteId, fichierId: id }, { jobKey: `verifier|${id}` })
    pieces.push({ id, nom: file.name, tailleOctets: file.sizeBytes })
  }
  return pieces
}

/** Files that one message takes. */
export const FICHIERS_PAR_MESSAGE = 5

/** Kinds and weight, as a form says them before one chooses. */
export const FICHIERS_ADMIS = { formats: 'PDF, photo ou document bureautique', maximum: '20 Mo' } as const
