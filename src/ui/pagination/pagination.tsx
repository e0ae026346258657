import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'

export interface PaginationProps {
  /** From 1. */
  page: number
  pages: number
  href: (page: number) => string
  /** What is counted, as it is read: « 212 dossiers ». */
  total?: string | undefined
  /** When a page has two lists. */
  label?: string | undefined
}

/** Previous and next page, and where we are. Nothing when there is a single page. */
export function Pagination({ page, pages, href, total, label = 'Pagination' }: PaginationProps): VNode | null {
  if (pages <= 1) return null
  return (
    <nav class="pagination" aria-label={label}>
      {page > 1 && (
        <a href={safeUrl(href(page - 1))} rel="prev">
          Page précédente
        </a>
      )}
      <p>
        Page {page} sur {pages}
        {total && ` · ${total}`}
      </p>
      {page < pages && (
        <a href={safeUrl(href(page + 1))} rel="next">
          Page suivante
        </a>
      )}
    </nav>
  )
}
