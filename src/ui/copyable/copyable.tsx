import type { VNode } from 'preact'

/** A value to copy: a press selects it whole, and it breaks where a line ends. */
export function Copyable({ children }: { children: string }): VNode {
  return <code class="copyable">{children}</code>
}
