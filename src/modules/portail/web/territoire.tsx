import { type Answer, type Context, page } from '../../../platform/http/route.ts'
import {
  chercherCommunes,
  communesOuvertes,
  intercommunalitesOuvertes,
  leTerritoire,
  pageDe,
  type Trouvee,
} from '../../territoire/index.ts'
import { AccueilTerritoire, TrouverSaCommune } from './accueil-territoire.page.tsx'
import { adresseTrouvee } from './adresses.ts'
import { Recherche } from './recherche.page.tsx'

// Beyond, the list is longer than the search it would save.
const COMMUNES_LISTEES = 60
const INTERCOMMUNALITES_LISTEES = 6

/** GET /: the territory's home. */
export async function accueilTerritoire({ app }: Context): Promise<Answer> {
  const [{ communes, total }, intercommunalites] = await Promise.all([
    communesOuvertes(app, COMMUNES_LISTEES + 1),
    intercommunalitesOuvertes(app, INTERCOMMUNALITES_LISTEES + 1),
  ])
  const liens = (found: readonly Trouvee[], max: number) =>
    found.length <= max ? found.map(c => ({ nom: c.nom, href: adresseTrouvee(c, app.origin) })) : []
  const html = await pageDe(app, undefined, {
    title: 'Les démarches de votre commune',
    bandeau: (
      <>
        <p>Cantine, état civil, voirie : faites vos démarches en ligne, sans créer de compte.</p>
        <TrouverSaCommune large />
      </>
    ),
    children: (
      <AccueilTerritoire
        total={total}
        communes={liens(communes, COMMUNES_LISTEES)}
        intercommunalites={liens(intercommunalites, INTERCOMMUNALITES_LISTEES)}
      />
    ),
  })
  return page(html)
}

/** GET /recherche?q=: the communes that a name, an old name or a postcode designates. */
export async function rechercheDeCommune({ app, query }: Context): Promise<Answer> {
  const cherche = query.line('q', 80)
  const { trouvees, isApproximate } = await chercherCommunes(app, cherche)
  const territoire = (await leTerritoire(app))?.nom ?? 'Accueil'
  const html = await pageDe(app, undefined, {
    title: cherche ? `Communes : ${cherche}` : 'Trouver une commune',
    noindex: true,
    chemin: [{ texte: territoire, href: '/' }],
    children: (
      <Recherche
        cherche={cherche}
        isApproximate={isApproximate}
        resultats={trouvees.map(found => ({
          nom: found.nom,
          href: adresseTrouvee(found, app.origin),
          departement: found.departementNom,
          codesPostaux: found.codesPostaux,
          trouveePar: found.trouveePar,
        }))}
      />
    ),
  })
  return page(html)
}
