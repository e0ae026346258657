import { inTenant } from '../../../platform/db/open.ts'
import { once } from '../../../platform/http/once.ts'
import type { Answer, Context } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { ok, type Refusal } from '../../../platform/refusal.ts'
import type { SelectOption } from '../../../ui/index.ts'
import { pageAgent } from '../../agents/index.ts'
import { demarchesOuvertes } from '../../demarches/index.ts'
import { creerGabarit } from '../commands/gabarits.ts'
import { estMessage, type Usage, usages } from '../gabarit.ts'
import { fautesDe } from '../marques.ts'
import { gabarits } from '../queries/gabarits.ts'
import { adresseDesModeles, adresseDuModele, auteurDe, genreDe, jour, nomDuTexte, type Ouvert, ouvrir } from './acces.ts'
import { type LigneDeModele, ListeDesModeles } from './modeles.page.tsx'

/** GET: the texts of the collectivité. */
export const montrerModeles = (ctx: Context): Promise<Answer> =>
  pageDesModeles(ctx, { usage: '', demarche: ctx.query.line('demarche', 60) })

/** POST: begins one from the words that serve today. */
export function creer(ctx: Context): Promise<Answer> {
  const { form } = ctx
  const saisie = { usage: form.line('usage', 60), demarche: form.line('demarche', 60) }
  return once(
    ctx,
    form.secret('_cle', 64),
    saisie,
    async tx => {
      const made = await creerGabarit(ctx.app, tx, auteurDe(ctx), saisie.usage, saisie.demarche || null)
      return made.ok ? ok({ to: `${adresseDuModele(ctx, made.value)}?fait=creation` }) : made
    },
    { onRefusal: refusal => pageDesModeles(ctx, saisie, refusal) },
  )
}

async function pageDesModeles(ctx: Context, saisie: { usage: string; demarche: string }, refusal?: Refusal): Promise<Answer> {
  const { lignes, demarches } = await inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const found: LigneDeModele[] = []
    for (const row of await gabarits(tx, ctx.tenant.id)) found.push(ligne(ctx, await ouvrir(ctx, tx, row)))
    const offered = await demarchesOuvertes(tx, ctx.tenant.id)
    return { lignes: found, demarches: offered.map(({ id, modele }): SelectOption => ({ value: id, label: modele.titre })) }
  })
  const choices = (isMessage: boolean) =>
    Object.entries(usages)
      .filter(([usage]) => estMessage(usage as Usage) === isMessage)
      .map(([value, label]) => ({ value, label: `${isMessage ? 'Courriel' : 'Document'} : ${label}` }))
  const children = (
    <ListeDesModeles
      action={adresseDesModeles(ctx)}
      signatures={`${ctx.tenant.base}/agent/signatures`}
      jeton={ctx.token}
      cle={newSecret()}
      lignes={lignes}
      erreurs={refusal ? [{ champ: refusal.field ?? 'usage', message: refusal.sentence }] : []}
      documents={choices(false)}
      messages={choices(true)}
      demarches={demarches.slice(0, 50)}
      saisie={saisie}
    />
  )
  return pageAgent(
    ctx,
    {
      title: 'Modèles de documents et de messages',
      hasErrors: refusal !== undefined,
      wide: true,
      chemin: [{ texte: 'Démarches', href: `${ctx.tenant.base}/agent/demarches` }],
      children,
    },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

function ligne(ctx: Context, { row, usage, modele }: Ouvert): LigneDeModele {
  const isBroken = fautesDe(row.contenu, usage, modele).length > 0
  return {
    id: row.id,
    nom: nomDuTexte(row),
    href: adresseDuModele(ctx, row.id),
    genre: genreDe(usage),
    pour: modele?.titre ?? 'Toutes',
    version: `${row.version}, le ${jour(ctx, row.le)}`,
    etat: row.retire_le ? 'retire' : isBroken ? 'a_revoir' : 'en_service',
  }
}
