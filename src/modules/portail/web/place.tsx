import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { type Answer, type Context, notFound, page, redirect, refused } from '../../../platform/http/route.ts'
import { avis as avisDesHabitants, chercher, demarche, evenementsDeVie } from '../../demarches/index.ts'
import { chiffres as periodes } from '../../dossiers/index.ts'
import {
  appellation,
  type Collectivite,
  collectiviteDe,
  collectiviteDuChemin,
  collectiviteParId,
  communesDe,
  pageDe,
} from '../../territoire/index.ts'
import { demarchesDe } from '../queries/demarches-de.ts'
import { adresseDe, adresseDuTerritoire, adresseTrouvee } from './adresses.ts'
import { PresentationDemarche } from './demarche.page.tsx'
import { Demarches } from './demarches.page.tsx'
import { ChercherUneDemarche, Place } from './place.page.tsx'

const COMMUNES_LISTEES = 60

/** Runs a page of a collectivité; one that became part of another leads there instead. */
export async function enPlace(ctx: Context, show: (ctx: Context, collectivite: Collectivite) => Promise<Answer>): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const nouvelle = collectivite.remplaceePar ? await collectiviteDuChemin(ctx.app, collectivite.remplaceePar) : undefined
  return nouvelle ? redirect(adresseDe(nouvelle, collectivite) || '/') : show(ctx, collectivite)
}

/** GET /:commune: the square. */
export const place = (ctx: Context): Promise<Answer> =>
  enPlace(ctx, async ({ app }, collectivite) => {
    const isEpci = collectivite.nature === 'epci'
    const [demarches, epci, { communes, total }] = await Promise.all([
      demarchesDe(app, collectivite.id),
      epciDe(app, collectivite),
      isEpci ? communesDe(app, collectivite.id, COMMUNES_LISTEES) : { communes: [], total: 0 },
    ])
    const territoireHref = adresseDuTerritoire(app.origin, collectivite)
    const html = await pageDe(app, collectivite, {
      title: 'Que souhaitez-vous faire ?',
      connexion: [
        { texte: 'Changer de commune', href: territoireHref },
        { texte: 'Mes dossiers', href: `${collectivite.base}/mes-dossiers` },
      ],
      bandeau: <ChercherUneDemarche base={collectivite.base} large />,
      children: (
        <Place
          collectivite={collectivite}
          demarches={demarches}
          territoireHref={territoireHref}
          epci={epci}
          communes={communes.map(c => ({ nom: c.nom, href: adresseTrouvee(c, app.origin, collectivite) }))}
          totalCommunes={total}
        />
      ),
    })
    return page(html)
  })

async function epciDe(app: App, collectivite: Collectivite) {
  if (!collectivite.epciId) return undefined
  const epci = await collectiviteParId(app, collectivite.epciId)
  return { nom: epci.nom, href: adresseDe(epci, collectivite), demarches: await demarchesDe(app, epci.id) }
}

/** GET /:commune/demarches?q=: all the démarches, or those that a search finds. */
export const demarchesDePlace = (ctx: Context): Promise<Answer> =>
  enPlace(ctx, async ({ app, query }, collectivite) => {
    const cherche = query.line('q', 80)
    const demarches = await demarchesDe(app, collectivite.id)
    const trouvees = chercher(demarches, cherche, ({ modele }) => ({
      titre: modele.titre,
      motsCles: [...modele.motsCles, evenementsDeVie[modele.evenementDeVie]],
      resume: modele.resume,
    }))
    const html = await pageDe(app, collectivite, {
      title: cherche ? `Démarches : ${cherche}` : 'Toutes les démarches',
      noindex: cherche !== '',
      chemin: [accueilDe(collectivite)],
      children: (
        <Demarches
          base={collectivite.base}
          cherche={cherche}
          trouvees={trouvees}
          qui={appellation(collectivite)}
          telephone={collectivite.reglage.telephone}
        />
      ),
    })
    return page(html)
  })

/** GET /:commune/demarches/:demarche: what to know before beginning. */
export const demarcheDePlace = (ctx: Context): Promise<Answer> =>
  enPlace(ctx, async ({ app, params }, collectivite) => {
    const { found, avis, chiffres } = await inTenant(app.db, collectivite.id, async tx => {
      const found = await demarche(tx, collectivite.id, params.demarche ?? '')
      const avis = found && (await avisDesHabitants.moyennePublique(tx, collectivite.id, found.id))
      return { found, avis, chiffres: found && (await periodes.periodesPubliees(tx, collectivite.id, found.id))[0] }
    })
    if (!found || found.revision === 0) return refused(notFound)
    const html = await pageDe(app, collectivite, {
      title: found.modele.titre,
      chemin: [accueilDe(collectivite), { texte: 'Démarches', href: `${collectivite.base}/demarches` }],
      children: <PresentationDemarche collectivite={collectivite} demarche={found} avis={avis} chiffres={chiffres} />,
    })
    return page(html)
  })

const accueilDe = (collectivite: Collectivite) => ({ texte: collectivite.nom, href: collectivite.base || '/' })
