import { openFile } from '../../../../platform/files/index.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid } from '../../../../platform/ids.ts'
import type { Cas } from '../../commands/instruire.ts'
import { piecesDe } from '../../pieces.ts'
import { documentsDuDossier } from '../../queries/dossier.ts'
import { lire, noterLecture } from './acces.ts'

/** GET …/pieces/:fichier: a document that the person joined; one that is not in this dossier's answers does not exist here. */
export function servirPiece(ctx: Context): Promise<Answer> {
  return lire(ctx, cas => {
    const id = ctx.params.fichier
    const isJoined = piecesDe(cas.modele.formulaire, cas.dossier.reponses).some(({ piece }) => piece.id === id)
    return isJoined && isUuid(id) ? servir(ctx, cas, id, 'piece.lire') : Promise.resolve(refused(notFound))
  })
}

/** GET …/documents/:document: an accusé or a decision. */
export function servirDocument(ctx: Context): Promise<Answer> {
  return lire(ctx, async cas => {
    const documents = await documentsDuDossier(cas.tx, ctx.tenant.id, cas.dossier.id)
    const found = documents.find(({ id }) => id === ctx.params.document)
    return found ? servir(ctx, cas, found.fichier_id, 'document.lire') : refused(notFound)
  })
}

async function servir(ctx: Context, { tx, dossier }: Cas, fichierId: string, action: string): Promise<Answer> {
  await noterLecture(ctx, tx, action, `dossier:${dossier.id}`)
  const opened = await openFile(ctx.app.files, tx, { collectiviteId: ctx.tenant.id, fichierId })
  return opened.ok ? { file: opened.value } : refused(opened.refusal)
}
