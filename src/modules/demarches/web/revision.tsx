import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { pageAgent } from '../../agents/index.ts'
import { differences, phraseDeDifference } from '../edition/index.ts'
import { revisionDe } from '../queries/revisions.ts'
import { cheminDe, lireLaDemarche } from './acces.ts'
import { FaitsDuModele } from './catalogue.page.tsx'
import { Questions } from './questions.page.tsx'

/** GET: a revision as it was published, and what it changed: what dossiers filed under it were asked. */
export const montrerRevision = (ctx: Context): Promise<Answer> =>
  lireLaDemarche(ctx, async (tx, offre) => {
    const numero = /^\d{1,6}$/.test(ctx.params.numero ?? '') ? Number(ctx.params.numero) : 0
    const revision = await revisionDe(tx, ctx.tenant.id, offre.id, numero)
    if (!revision) return refused(notFound)
    const before = await revisionDe(tx, ctx.tenant.id, offre.id, numero - 1)
    const changes = before
      ? differences(before.modele, revision.modele).map(d => phraseDeDifference(d, before.modele, revision.modele))
      : []
    return pageAgent(
      ctx,
      {
        title: `${revision.modele.titre}, version ${numero}`,
        chemin: cheminDe(ctx, offre),
        children: (
          <>
            {before && (
              <>
                <h2>{`Ce qui change depuis la version ${numero - 1}`}</h2>
                <ul>
                  {changes.map(phrase => (
                    <li key={phrase}>{phrase}</li>
                  ))}
                </ul>
              </>
            )}
            <h2>Ce que dit cette version</h2>
            <FaitsDuModele modele={revision.modele} />
            <h2>Les questions</h2>
            <Questions formulaire={revision.modele.formulaire} />
          </>
        ),
      },
      ctx.agent,
    )
  })
