import type { VNode } from 'preact'
import type { Contenu } from './types.ts'

/** Two columns on a wide screen, the first twice as large: a text and what goes with it. One under another on a small one. */
export function Columns({ children }: { children: Contenu }): VNode {
  return <div class="columns">{children}</div>
}
