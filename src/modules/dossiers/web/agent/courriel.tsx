import { type Answer, type Context, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { type Refusal, refuse } from '../../../../platform/refusal.ts'
import { pageAgent } from '../../../agents/index.ts'
import { corrigerCourriel, peutCorrigerLeCourriel } from '../../commands/corriger-courriel.ts'
import type { Cas } from '../../commands/instruire.ts'
import { refusals } from '../../refusals.ts'
import { adresseDuDossier, agir, chemins, enErreur, lire } from './acces.ts'
import { CorrectionDuCourriel } from './courriel.page.tsx'

/** GET …/courriel: another address for who cannot be reached at theirs. */
export const montrerCourriel = (ctx: Context): Promise<Answer> => lire(ctx, cas => laPage(ctx, cas))

/** POST …/courriel. */
export function corriger(ctx: Context): Promise<Answer> {
  const { form } = ctx
  const typed = { courriel: form.line('courriel', 254), motif: form.text('motif', 500) }
  return agir(
    ctx,
    'courriel',
    async cas => (form.has('relue') ? corrigerCourriel(cas, typed) : refuse({ ...refusals.adresse_non_relue, field: 'relue' })),
    refusal => lire(ctx, cas => laPage(ctx, cas, refusal)),
  )
}

async function laPage(ctx: Context, cas: Cas, refusal?: Refusal): Promise<Answer> {
  const { dossier } = cas
  const { form } = ctx
  const saisie = refusal ? { courriel: form.line('courriel', 254), motif: form.text('motif', 500) } : { courriel: '', motif: '' }
  if (!(await peutCorrigerLeCourriel(cas))) return refused(refusal ?? refusals.courriel_sans_echec, refusal ? saisie : undefined)
  const href = adresseDuDossier(ctx)
  const children = (
    <CorrectionDuCourriel
      {...{ action: `${href}/courriel`, retour: href, jeton: ctx.token, cle: newSecret(), version: dossier.version, saisie }}
      actuelle={dossier.demandeur_courriel ?? ''}
      erreurs={refusal ? [enErreur(refusal)] : []}
    />
  )
  const page = { title: 'Corriger l’adresse électronique', hasErrors: refusal !== undefined, chemin: chemins(ctx, dossier), children }
  return pageAgent(ctx, page, ctx.agent, refusal?.status ?? 200)
}
