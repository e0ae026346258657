import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'

export interface ViewerProps {
  readonly nom: string
  /** Where the file is downloaded. */
  readonly href: string
  /** Where it is served to be shown in the page; without it, it is only downloaded. */
  readonly vueHref?: string | undefined
  readonly sorte: 'image' | 'pdf' | 'autre'
}

/**
 * A document seen in the page on demand, without script: nothing is fetched until it is opened, but by a browser whose scripts are off, which knows no
 * lazy image (HTML, « lazy loading attributes »). A PDF needs `frame-src 'self'` in the policy of the page. The link to download it is always there:
 * not every browser shows a PDF within a page.
 */
export function Viewer({ nom, href, vueHref, sorte }: ViewerProps): VNode {
  const link = <a href={safeUrl(href)}>{`Télécharger ${nom}`}</a>
  if (!vueHref || sorte === 'autre') return <p>{link}</p>
  return (
    <details class="viewer">
      <summary>{`Voir ${nom}`}</summary>
      {sorte === 'image' ? (
        <img src={safeUrl(vueHref)} alt={nom} loading="lazy" />
      ) : (
        <iframe src={safeUrl(vueHref)} title={nom} loading="lazy" />
      )}
      <p>{link}</p>
    </details>
  )
}
