import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

/** More on demand, without script. */
export function Details({ titre, open, children }: { titre: string; open?: boolean | undefined; children: Contenu }): VNode {
  return (
    <details open={open}>
      <summary>{titre}</summary>
      {typeof children === 'string' ? <p>{children}</p> : children}
    </details>
  )
}
