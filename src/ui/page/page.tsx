import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import { Breadcrumb } from '../breadcrumb/breadcrumb.tsx'
import { ButtonLink } from '../button/button.tsx'
import { telHref } from '../contact-block/contact-block.tsx'
import type { Contenu, Lien } from '../types.ts'

/** The place whose page it is: a commune, another collectivité, or the territory. */
export interface Lieu {
  nom: string
  /** `/vire-normandie`, or the empty text for the territory. */
  chemin: string
  sousTitre?: string | undefined
  /** Arms or logo, as a `data:image/…` URI. Without it, a mark with the initial. */
  logo?: string | undefined
  telephone?: string | undefined
  courriel?: string | undefined
  demonstration: boolean
  /** Name of the territory that the installation serves. */
  territoire: string
  /** Links of the footer: help, accessibility, legal notice, personal data. */
  liens: readonly Lien[]
}

export interface PageProps {
  /** The h1. */
  title: string
  lieu: Lieu
  children: Contenu
  hasErrors?: boolean | undefined
  /** The way here, without the current page. */
  chemin?: readonly Lien[] | undefined
  lang?: 'fr' | undefined
  noindex?: boolean | undefined
  /** Includes the enhancement script. */
  enhanced?: boolean | undefined
  assets: { styleHref: string; scriptHref: string }
  /** Links at the right of the header: « Mes dossiers », « Se déconnecter »… */
  connexion?: readonly Lien[] | undefined
  /** Agents' lists: the width of the screen. */
  wide?: boolean | undefined
  /** The main way onward, beside the h1. */
  action?: Lien | undefined
  /** A home page: h1 and this content (a sentence, the search) on a tinted band. */
  bandeau?: Contenu
}

/**
 * The whole document of a page: head, skip link, header, breadcrumb, main with its h1, footer with help always in the same place
 * (WCAG 3.2.6). The title is `h1 – lieu`, prefixed « Erreur : » when the form has errors.
 */
export function Page(props: PageProps): VNode {
  const {
    title,
    lieu,
    children,
    hasErrors,
    chemin = [],
    lang = 'fr',
    noindex,
    enhanced,
    assets,
    connexion = [],
    wide,
    action,
    bandeau,
  } = props
  const heading = action ? (
    <div class="heading">
      <h1>{title}</h1>
      <ButtonLink href={action.href}>{action.texte}</ButtonLink>
    </div>
  ) : (
    <h1>{title}</h1>
  )
  return (
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <title>{`${hasErrors ? 'Erreur : ' : ''}${title} – ${lieu.nom}`}</title>
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {noindex && <meta name="robots" content="noindex" />}
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={assets.styleHref} />
        {enhanced && <script src={assets.scriptHref} defer />}
      </head>
      <body class={wide ? 'wide' : undefined}>
        <a class="skip" href="#contenu">
          Aller au contenu
        </a>
        <PageHeader lieu={lieu} connexion={connexion} />
        <Breadcrumb chemin={chemin} />
        <main id="contenu" tabindex={-1}>
          {bandeau ? (
            <div class="band">
              {heading}
              {bandeau}
            </div>
          ) : (
            heading
          )}
          {children}
        </main>
        <PageFooter lieu={lieu} />
      </body>
    </html>
  )
}

function PageHeader({ lieu, connexion }: { lieu: Lieu; connexion: readonly Lien[] }): VNode {
  return (
    <header>
      {lieu.demonstration && <p class="demo">Démonstration : personnes, numéros et dossiers fictifs</p>}
      <a class="place" href={safeUrl(lieu.chemin || '/')}>
        {lieu.logo?.startsWith('data:image/') ? (
          <img src={lieu.logo} alt="" width="48" height="48" />
        ) : (
          <span class="mark" aria-hidden="true">
            {initial(lieu.nom)}
          </span>
        )}
        <span>
          {lieu.nom}
          {lieu.sousTitre && <small>{lieu.sousTitre}</small>}
        </span>
      </a>
      {connexion.length > 0 && (
        <nav aria-label="Votre espace">
          {connexion.map(({ texte, href }) => (
            <a key={href} href={safeUrl(href)}>
              {texte}
            </a>
          ))}
        </nav>
      )}
    </header>
  )
}

function PageFooter({ lieu }: { lieu: Lieu }): VNode {
  return (
    <footer>
      {(lieu.telephone || lieu.courriel) && (
        <p class="help">
          <strong>Besoin d’aide ?</strong> {lieu.telephone && <a href={telHref(lieu.telephone)}>{lieu.telephone}</a>}
          {lieu.telephone && lieu.courriel && ' ou '}
          {lieu.courriel && <a href={`mailto:${lieu.courriel}`}>{lieu.courriel}</a>}
        </p>
      )}
      <ul>
        {lieu.liens.map(({ texte, href }) => (
          <li key={href}>
            <a href={safeUrl(href)}>{texte}</a>
          </li>
        ))}
      </ul>
      {lieu.territoire !== lieu.nom && (
        <p class="hint">
          {lieu.nom} · {lieu.territoire}
        </p>
      )}
    </footer>
  )
}

/** The first letter of the name that is not of its article: La Ferrière → F, L’Aigle → A. */
function initial(nom: string): string {
  return nom
    .replace(/^(l[ea]s?\s|l[’'])/i, '')
    .charAt(0)
    .toLocaleUpperCase('fr-FR')
}
