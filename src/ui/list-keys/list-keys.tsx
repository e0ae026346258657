import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

/** A list whose lines are gone through by keyboard when there is a script: j and k from one to the next, / to the search box. Say so on the page. */
export function ListKeys({ children }: { children: Contenu }): VNode {
  return <div data-module="list-keys">{children}</div>
}
