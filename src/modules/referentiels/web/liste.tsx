import type { Answer, Context } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import type { FieldError } from '../../../ui/index.ts'
import { pageAgent } from '../../agents/index.ts'
import { choisirColonnes, remplacerListe, supprimerListe } from '../commands/enregistrer-liste.ts'
import { ecrireTable, lireTable, type ProblemeDeFichier } from '../csv.ts'
import { bornesDeListe, composer } from '../liste.ts'
import { pageDeLignes, toutesLesLignes } from '../queries/listes.ts'
import type { ReferentielRow } from '../tables.ts'
import { adresseDeLaListe, adresseDesListes, agir, auteurDe, avecLaListe, cheminDe, enErreurs, lireDans, lireEnvoi } from './acces.ts'
import { montrerApi } from './api.tsx'
import { PageDeListe, PageDeSuppression } from './liste.page.tsx'

const PAR_PAGE = 25

const FAITS: Readonly<Record<string, string>> = {
  ajout: 'La liste est ajoutée : une question peut s’en servir.',
  remplacement: 'La liste est remplacée.',
  colonnes: 'Les colonnes sont changées.',
  api: 'L’API est enregistrée.',
}

/** GET: a list; of an API, its declaration and a trial. */
export const montrerListe = (ctx: Context): Promise<Answer> =>
  avecLaListe(ctx, undefined, row => (row.api ? montrerApi(ctx, row, FAITS[ctx.query.line('fait', 20)]) : pageDeLaListe(ctx, row)))

async function pageDeLaListe(
  ctx: Context,
  row: ReferentielRow,
  {
    erreurs = [],
    problemes = [],
    status = 200,
  }: { erreurs?: readonly FieldError[]; problemes?: readonly ProblemeDeFichier[]; status?: number } = {},
): Promise<Answer> {
  const cherche = ctx.query.line('q', 100)
  const page = ctx.query.number('page', 1, 1, 10_000)
  const { lignes, total } = await pageDeLignes(lireDans(ctx), ctx.tenant.id, row.id, { cherche, page, taille: PAR_PAGE })
  return pageAgent(
    ctx,
    {
      title: row.nom,
      hasErrors: status !== 200,
      chemin: cheminDe(ctx),
      children: (
        <PageDeListe
          adresse={adresseDeLaListe(ctx, row.id)}
          jeton={ctx.token}
          cles={[newSecret(), newSecret()]}
          fait={status === 200 ? FAITS[ctx.query.line('fait', 20)] : undefined}
          notes={status === 200 && ctx.query.has('fait') ? row.notes : []}
          colonnes={row.colonnes}
          colonneCle={row.colonne_cle ?? ''}
          colonneLibelle={row.colonne_libelle ?? ''}
          erreurs={erreurs}
          problemes={problemes}
          cherche={cherche}
          lignes={lignes}
          total={total}
          page={page}
          pages={Math.ceil(total / PAR_PAGE)}
        />
      ),
    },
    ctx.agent,
    status,
  )
}

/** POST: puts the lines of another file in place of these; nothing changes when it cannot be read. */
export async function remplacer(ctx: Context): Promise<Answer> {
  // First of all: it is when the body is read that a form of another site is refused.
  const { form, bytes, erreur } = await lireEnvoi(ctx)
  return avecLaListe(ctx, 'fichier', row => {
    if (!bytes) return pageDeLaListe(ctx, row, { erreurs: erreur ? [erreur] : [], status: 422 })
    const lue = composer(lireTable(bytes, bornesDeListe), { cle: row.colonne_cle ?? '', libelle: row.colonne_libelle ?? '' })
    if (!lue.ok) return pageDeLaListe(ctx, row, { problemes: lue.problemes, status: 422 })
    return agir(ctx, form, lue.liste.entrees, async tx => {
      const done = await remplacerListe(tx, auteurDe(ctx), row.id, lue.liste)
      return done.ok ? { ok: true, value: `${adresseDeLaListe(ctx)}?fait=remplacement` } : done
    })
  })
}

/** POST: chooses the column of the key and that of the words. */
export const changerColonnes = (ctx: Context): Promise<Answer> =>
  avecLaListe(ctx, 'fichier', row => {
    const [cle, libelle] = [ctx.form.line('colonneCle', 60), ctx.form.line('colonneLibelle', 60)]
    return agir(
      ctx,
      ctx.form,
      [cle, libelle],
      async tx => {
        const done = await choisirColonnes(tx, auteurDe(ctx), row.id, cle, libelle)
        return done.ok ? { ok: true, value: `${adresseDeLaListe(ctx)}?fait=colonnes` } : done
      },
      refusal => pageDeLaListe(ctx, row, { erreurs: enErreurs(refusal, 'colonneCle'), status: refusal.status }),
    )
  })

/** GET: the list as a file, in UTF-8, as it was read. */
export const telecharger = (ctx: Context): Promise<Answer> =>
  avecLaListe(ctx, 'fichier', async row => {
    const lignes = await lireDans(ctx)(toutesLesLignes(ctx.tenant.id, row.id))
    return {
      bytes: ecrireTable(
        row.colonnes,
        lignes.map(({ valeurs }) => row.colonnes.map(titre => valeurs[titre] ?? '')),
      ),
      type: 'text/csv; charset=utf-8',
      headers: { 'content-disposition': `attachment; filename="${row.id}.csv"` },
    }
  })

/** GET: what deleting changes. */
export const montrerSuppression = (ctx: Context): Promise<Answer> =>
  avecLaListe(ctx, undefined, row =>
    pageAgent(
      ctx,
      {
        title: `Supprimer « ${row.nom} »`,
        chemin: cheminDe(ctx, row),
        children: <PageDeSuppression adresse={adresseDeLaListe(ctx, row.id)} jeton={ctx.token} cle={newSecret()} nom={row.nom} />,
      },
      ctx.agent,
    ),
  )

/** POST: deletes the list. */
export const supprimer = (ctx: Context): Promise<Answer> =>
  avecLaListe(ctx, undefined, row =>
    agir(ctx, ctx.form, [row.id], async tx => {
      const done = await supprimerListe(tx, auteurDe(ctx), row.id)
      return done.ok ? { ok: true, value: `${adresseDesListes(ctx)}?fait=suppression` } : done
    }),
  )
