import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

export type Tone = 'neutre' | 'info' | 'succes' | 'attention' | 'danger'

/** A state in a word or two. The words carry the meaning, the colour only helps. */
export function Tag({ tone = 'neutre', children }: { tone?: Tone | undefined; children: Contenu }): VNode {
  return <span class={`tag tone-${tone}`}>{children}</span>
}
