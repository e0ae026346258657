import { takeAttempt } from '../../../../platform/auth/attempts.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import { notFound, refused } from '../../../../platform/http/route.ts'
import { programmes } from '../../../dossiers/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { refusals } from '../../refusals.ts'
import { type Operation, operation, refuser } from './operation.ts'
import { listeDExports } from './schemas.ts'

const HEURE_MS = 3_600_000
/** Exports an hour for one token: one may read 250,000 dossiers. */
export const EXPORTS_PAR_HEURE = 60

/** The exports that agents keep and share, read by a program. */
export const exports: readonly Operation[] = [
  operation({
    id: 'listerExports',
    method: 'GET',
    path: '/api/v1/exports',
    droit: 'exports.lire',
    titre: 'Lister les exports partagés',
    detail: 'Un agent les enregistre depuis une liste de dossiers, et les partage.',
    statut: 200,
    reponse: listeDExports,
    faire: ({ ctx }) =>
      inTenant(ctx.app.db, ctx.tenant.id, async tx => {
        const found = await programmes.modelesPartages(tx, ctx.tenant.id)
        return {
          json: {
            exports: found.map(({ id, nom, choix, format }) => ({
              ...{ id, nom, format: format.format, demarche: choix.demarche || null, colonnes: [...format.colonnes] },
            })),
          },
        }
      }),
  }),
  operation({
    id: 'lireExport',
    method: 'GET',
    path: '/api/v1/exports/:export',
    droit: 'exports.lire',
    titre: 'Lire un export partagé',
    detail: `Le fichier, écrit à mesure qu’il part, des dossiers que le jeton voit. Les colonnes d’annotations n’y sont qu’avec le droit « annotations.lire ». ${EXPORTS_PAR_HEURE} par heure.`,
    statut: 200,
    reponse: 'fichier',
    faire: async ({ ctx, jeton }) => {
      const now = ctx.app.clock.now()
      if (!(await takeAttempt(ctx.app.db, `export|${jeton.id}`, EXPORTS_PAR_HEURE, HEURE_MS, now))) return refuser(refusals.trop_exports)
      const made = await programmes.exportPourProgramme(ctx.app, collectiviteDe(ctx), ctx.params.export ?? '', {
        acteur: `api:${jeton.id}`,
        portee: jeton.portee,
        voitAnnotations: jeton.droits.has('annotations.lire'),
      })
      if (!made) return refused(notFound)
      return made.ok ? { file: made.value } : refused(made.refusal)
    },
  }),
]
