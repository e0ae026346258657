import type { VNode } from 'preact'
import { gallery } from './gallery.ts'
import { type Lieu, Page } from './index.ts'

export interface ComposantsPageProps {
  lieu: Lieu
  assets: { styleHref: string; scriptHref: string }
}

/** The page that shows every component in every state, with a table of contents. Anchors are the names of the folders. */
export function ComposantsPage({ lieu, assets }: ComposantsPageProps): VNode {
  return (
    <Page title="Composants" lieu={lieu} assets={assets} noindex enhanced>
      <p>Ce dont toutes les pages sont faites, dans tous les états. Chaque exemple est vérifié par les tests.</p>
      <nav aria-label="Sommaire">
        <ul class="toc">
          {gallery.map(({ id, titre }) => (
            <li key={id}>
              <a href={`#${id}`}>{titre}</a>
            </li>
          ))}
        </ul>
      </nav>
      {gallery.map(({ id, titre, examples }) => (
        <section key={id} id={id}>
          <h2>{titre}</h2>
          {examples.map(({ nom, description, rendu }) => (
            <div key={nom}>
              <h3>{nom}</h3>
              {description && <p class="hint">{description}</p>}
              {rendu}
            </div>
          ))}
        </section>
      ))}
    </Page>
  )
}
