import { openFile } from '../../../../platform/files/index.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid } from '../../../../platform/ids.ts'
import { annotable } from '../../commands/annoter.ts'
import type { Cas } from '../../commands/instruire.ts'
import { piecesDe } from '../../pieces.ts'
import { documentsDuDossier, messagesDuDossier } from '../../queries/dossier.ts'
import { lire, noterLecture } from './acces.ts'

/** GET …/pieces/:fichier: a document that the person joined, that an agent joined to an annotation, or that came with a message; one that is not in this dossier's answers does not exist here. */
export function servirPiece(ctx: Context): Promise<Answer> {
  return lire(ctx, async cas => {
    const id = ctx.params.fichier
    const noted = await annotable(cas)
    const { formulaire, reponses } = noted ?? { formulaire: cas.modele.formulaire, reponses: cas.dossier.reponses }
    const written = await messagesDuDossier(cas.tx, ctx.tenant.id, cas.dossier.id)
    const isJoined = [...piecesDe(formulaire, reponses).map(({ piece }) => piece), ...written.flatMap(({ pieces }) => pieces)].some(
      piece => piece.id === id,
    )
    return isJoined && isUuid(id) ? servir(ctx, cas, id, 'piece.lire') : refused(notFound)
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
  const vue = ctx.query.has('vue')
  return opened.ok ? { file: opened.value, ...(vue ? { vue } : {}) } : refused(opened.refusal)
}
