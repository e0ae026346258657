import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Lien } from '../types.ts'

/** The way to the page, without the page itself, whose h1 follows. Nothing when it is empty. */
export function Breadcrumb({ chemin }: { chemin: readonly Lien[] }): VNode | null {
  if (chemin.length === 0) return null
  return (
    <nav class="breadcrumb" aria-label="Fil d’Ariane">
      <ol>
        {chemin.map(({ texte, href }) => (
          <li key={href}>
            <a href={safeUrl(href)}>{texte}</a>
          </li>
        ))}
      </ol>
    </nav>
  )
}
