import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { ok, refuse } from '../../../platform/refusal.ts'
import { pageAgent } from '../../agents/index.ts'
import { adopter } from '../commands/adopter.ts'
import { evenementsDeVie } from '../evenements-de-vie.ts'
import { catalogue } from '../queries/catalogue.ts'
import { demarchesDe, modelePublie } from '../queries/demarches.ts'
import { chercher } from '../recherche.ts'
import { refusals } from '../refusals.ts'
import { adresseDeLaDemarche, adresseDesDemarches, agir, cheminDe } from './acces.ts'
import { CatalogueDesModeles, PageDuModele } from './catalogue.page.tsx'
import { nomsDesOrigines } from './origines.ts'

const PAR_PAGE = 20

/** GET: the templates that may be adopted, searched by words and by moment of life. */
export async function montrerCatalogue(ctx: Context): Promise<Answer> {
  const q = ctx.query.line('q', 80)
  const evenement = ctx.query.line('evenement', 40)
  const { modeles, prises } = await lire(ctx)
  const found = chercher(
    modeles.filter(({ modele }) => !evenement || modele.evenementDeVie === evenement),
    q,
    ({ modele }) => modele,
  )
  const pages = Math.max(1, Math.ceil(found.length / PAR_PAGE))
  const rang = ctx.query.number('page', 1, 1, pages)
  const montres = found.slice((rang - 1) * PAR_PAGE, rang * PAR_PAGE)
  const noms = await nomsDesOrigines(ctx.app, montres)
  const adresse = `${adresseDesDemarches(ctx)}/catalogue`
  return pageAgent(
    ctx,
    {
      title: 'Catalogue des démarches',
      chemin: cheminDe(ctx),
      children: (
        <CatalogueDesModeles
          adresse={adresse}
          choisi={{ q, evenement }}
          evenements={Object.entries(evenementsDeVie).map(([value, label]) => ({ value, label }))}
          modeles={montres.map(offert => ({
            id: offert.id,
            titre: offert.modele.titre,
            resume: offert.modele.resume,
            href: `${adresse}/${offert.id}`,
            origine: noms.get(offert.id) ?? 'Parvis',
            evenement: evenementsDeVie[offert.modele.evenementDeVie],
            adoptee: prises.get(offert.id) && adresseDeLaDemarche(ctx, prises.get(offert.id)),
          }))}
          page={rang}
          pages={pages}
          total={`${found.length} ${found.length > 1 ? 'modèles' : 'modèle'}`}
          hrefDePage={n => `${adresse}?${new URLSearchParams({ ...(q && { q }), ...(evenement && { evenement }), page: String(n) })}`}
        />
      ),
    },
    ctx.agent,
  )
}

/** GET: a template before adopting it: what it says, what it asks. */
export async function montrerModele(ctx: Context): Promise<Answer> {
  const { modeles, prises } = await lire(ctx)
  const offert = modeles.find(({ id }) => id === ctx.params.modele)
  if (!offert) return refused(notFound)
  const noms = await nomsDesOrigines(ctx.app, [offert])
  const modele = await inTenant(ctx.app.db, ctx.tenant.id, tx => modelePublie(tx, offert.empreinte))
  return pageAgent(
    ctx,
    {
      title: modele.titre,
      chemin: [...cheminDe(ctx), { texte: 'Catalogue', href: `${adresseDesDemarches(ctx)}/catalogue` }],
      children: (
        <PageDuModele
          modele={modele}
          origine={noms.get(offert.id) ?? 'Parvis'}
          version={offert.version}
          action={`${adresseDesDemarches(ctx)}/adoptions`}
          id={offert.id}
          adoptee={prises.get(offert.id) && adresseDeLaDemarche(ctx, prises.get(offert.id))}
          jeton={ctx.token}
          cle={newSecret()}
        />
      ),
    },
    ctx.agent,
  )
}

/** POST: adopts a template in its last version; the démarche is open at once. */
export function adopterLeModele(ctx: Context): Promise<Answer> {
  const modeleId = ctx.form.line('modele', 60)
  return agir(ctx, async tx => {
    const offert = (await catalogue(tx)).find(({ id }) => id === modeleId)
    if (!offert) return refuse(refusals.modele_inconnu)
    const mine = await demarchesDe(tx, ctx.tenant.id)
    if (mine.some(({ id, origine }) => origine?.id === offert.id || id === offert.id)) return refuse(refusals.deja_adoptee)
    const adoption = { collectiviteId: ctx.tenant.id, modeleId: offert.id, version: offert.version, empreinte: offert.empreinte }
    await adopter(tx, ctx.app.clock, [adoption], { par: ctx.agent.id })
    await announceChange(tx, ctx.tenant.id)
    await record(tx, ctx.tenant.id, ctx.app.clock.now(), {
      acteur: `agent:${ctx.agent.id}`,
      action: 'demarche.adopter',
      objet: `demarche:${offert.id}`,
      empreinte: payloadHash({ modele: offert.id, version: offert.version }),
    })
    return ok(`${adresseDeLaDemarche(ctx, offert.id)}?fait=adoption`)
  })
}

/** The templates, and the démarches that already follow one: template → démarche. */
const lire = (ctx: Context) =>
  inTenant(ctx.app.db, ctx.tenant.id, async tx => ({
    modeles: (await catalogue(tx)).filter(({ origineId }) => origineId !== ctx.tenant.id),
    prises: new Map((await demarchesDe(tx, ctx.tenant.id)).map(({ id, origine }) => [origine?.id ?? id, id] as const)),
  }))
