import type { Answer, Context } from '../../../../platform/http/route.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { envoiDe, pageDEdition } from './cadre.tsx'
import { adresseDeLEdition, enregistrer, lireLeChantier } from './chantier.ts'
import { PageDesTextes } from './textes.page.tsx'
import { changerTextes } from './textes.ts'

/** GET …/edition/textes. */
export const montrerTextes = (ctx: Context): Promise<Answer> => pageDesTextes(ctx)

const pageDesTextes = (ctx: Context, refusal?: Refusal): Promise<Answer> =>
  lireLeChantier(ctx, (tx, chantier) =>
    pageDEdition(ctx, tx, chantier, {
      title: 'Les textes',
      refusal,
      children: (
        <PageDesTextes
          adresse={adresseDeLEdition(ctx)}
          modele={chantier.modele}
          envoi={envoiDe(ctx, chantier, refusal)}
          saisie={refusal ? name => (ctx.form.has(name) ? ctx.form.text(name, 30_000) : undefined) : undefined}
          erreur={refusal?.field ? { champ: refusal.field, message: refusal.sentence } : undefined}
        />
      ),
    }),
  )

/** POST …/edition/textes. */
export const changerLesTextes = (ctx: Context): Promise<Answer> =>
  enregistrer(
    ctx,
    (modele, reserves) => changerTextes(modele, ctx.form, reserves),
    () => `${adresseDeLEdition(ctx)}/textes`,
    refusal => pageDesTextes(ctx, refusal),
  )
