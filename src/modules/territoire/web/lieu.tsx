import type { App } from '../../../platform/app.ts'
import { renderDocument } from '../../../platform/html/render.ts'
import type { Context } from '../../../platform/http/route.ts'
import { type Lieu, Page, type PageProps } from '../../../ui/index.ts'
import type { Collectivite } from '../collectivite.ts'
import { leTerritoire } from '../queries/collectivite.ts'

/** The colour of a collectivité that has not chosen one: a slate green, far from any party and from the State's blue. */
export const COULEUR_PAR_DEFAUT = '1f5c57'

/** The collectivité of a route of scope 'collectivite'. */
export function collectiviteDe(ctx: Context): Collectivite {
  return ctx.tenant as Collectivite
}

/** Addresses of the stylesheet, which carries the colour, and of the script. Both change with their content. */
export function assetsDe(app: App, collectivite?: Collectivite): { styleHref: string; scriptHref: string } {
  const couleur = collectivite?.reglage.couleur ?? COULEUR_PAR_DEFAUT
  const seal = app.secrets.sign('couleur', couleur).slice(0, 8)
  return { styleHref: `/actifs/${app.assets.print}-${couleur}-${seal}.css`, scriptHref: `/actifs/${app.assets.print}.js` }
}

const LIENS: readonly [texte: string, chemin: string][] = [
  ['Aide', '/aide'],
  ['Accessibilité : non conforme', '/accessibilite'],
  ['Mentions légales', '/mentions-legales'],
  ['Données personnelles', '/donnees-personnelles'],
]

/** The place that a page says it belongs to. */
export function lieuDe(app: App, territoire: string, collectivite?: Collectivite): Lieu {
  const base = collectivite?.base ?? ''
  const reglage = collectivite?.reglage
  return {
    nom: collectivite?.nom ?? territoire,
    chemin: base,
    sousTitre: collectivite?.nature === 'commune' ? (collectivite.departementNom ?? undefined) : undefined,
    logo: reglage?.logo ? `data:image/webp;base64,${reglage.logo.toString('base64')}` : undefined,
    telephone: reglage?.telephone ?? undefined,
    courriel: reglage?.courriel ?? undefined,
    demonstration: app.config.demonstration,
    territoire,
    liens: LIENS.map(([texte, chemin]) => ({ texte, href: `${base}${chemin}` })),
  }
}

type PropsDePage = Omit<PageProps, 'lieu' | 'assets'>

/** The HTML of a page of the route's collectivité, or of the territory when the route has none. */
export async function pageDe(app: App, collectivite: Collectivite | undefined, props: PropsDePage): Promise<string> {
  const territoire = (await leTerritoire(app))?.nom ?? 'Parvis'
  return renderDocument(
    <Page
      connexion={collectivite ? [{ texte: 'Mes dossiers', href: `${collectivite.base}/mes-dossiers` }] : []}
      {...props}
      lieu={lieuDe(app, territoire, collectivite)}
      assets={assetsDe(app, collectivite)}
    />,
  )
}
