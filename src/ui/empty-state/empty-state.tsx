import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

/** A list without anything in it: why, and what to do next. */
export function EmptyState({ titre, children }: { titre: string; children?: Contenu }): VNode {
  return (
    <div class="empty">
      <p class="empty-title">{titre}</p>
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  )
}
