import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { ok } from '../../../platform/refusal.ts'
import { nomsDesAgents, pageAgent } from '../../agents/index.ts'
import { reprendreVersion } from '../commands/gabarits.ts'
import { version, versions } from '../queries/gabarits.ts'
import { composerSpecimen, phraseDeCondition } from '../specimen.ts'
import { adresseDuModele, agir, auteurDe, cheminDe, jour, lire } from './acces.ts'
import { ListeDesVersions, PageDeLaVersion } from './versions.page.tsx'

/** GET …/versions: what was saved, by whom, when. */
export const montrerVersions = (ctx: Context): Promise<Answer> =>
  lire(ctx, async (ouvert, tx) => {
    const rows = await versions(tx, ctx.tenant.id, ouvert.row.id)
    const noms = await nomsDesAgents(
      tx,
      rows.map(({ par }) => par),
    )
    const lignes = rows.map(({ numero, le, par, reprise_de }) => ({
      numero,
      href: `${adresseDuModele(ctx)}/versions/${numero}`,
      le: jour(ctx, le),
      par: noms.get(par) ?? 'Un agent',
      reprise: reprise_de,
    }))
    return pageAgent(
      ctx,
      { title: 'Versions enregistrées', chemin: cheminDe(ctx, ouvert), children: <ListeDesVersions lignes={lignes} /> },
      ctx.agent,
    )
  })

/** GET …/versions/:numero: one of them. */
export const montrerVersion = (ctx: Context): Promise<Answer> =>
  lire(ctx, async (ouvert, tx) => {
    const { row, usage, modele } = ouvert
    const typed = ctx.params.numero ?? ''
    const found = /^\d{1,6}$/.test(typed) ? await version(tx, ctx.tenant.id, row.id, Number(typed)) : undefined
    if (!found) return refused(notFound)
    const children = (
      <PageDeLaVersion
        contenu={composerSpecimen(found.contenu, usage, modele)}
        phrases={found.contenu.blocs.flatMap(({ si }, rank) => {
          const phrase = phraseDeCondition(si, modele)
          return phrase ? [`Bloc ${rank + 1} : ${phrase}`] : []
        })}
        reprise={
          found.numero === row.version
            ? undefined
            : { action: `${adresseDuModele(ctx)}/reprise`, jeton: ctx.token, cle: newSecret(), version: row.version, numero: found.numero }
        }
      />
    )
    const chemin = [...cheminDe(ctx, ouvert), { texte: 'Versions enregistrées', href: `${adresseDuModele(ctx)}/versions` }]
    return pageAgent(ctx, { title: `Version ${found.numero}, ${jour(ctx, found.le)}`, chemin, children }, ctx.agent)
  })

/** POST …/reprise: an earlier version serves again; those after it are kept. */
export const reprendre = (ctx: Context): Promise<Answer> =>
  agir(ctx, async ({ row }, tx) => {
    const { form } = ctx
    const done = await reprendreVersion(
      ctx.app,
      tx,
      auteurDe(ctx),
      row.id,
      form.number('version', 0, 0, 1e6),
      form.number('numero', 0, 0, 1e6),
    )
    return done.ok ? ok(`${adresseDuModele(ctx)}?fait=reprise`) : done
  })
