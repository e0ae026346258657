import type { VNode } from 'preact'
import type { Tone } from '../tag/tag.tsx'
import type { Contenu } from '../types.ts'

export interface NoticeProps {
  tone?: Tone | undefined
  title?: string | undefined
  children?: Contenu
  /** A message about what was just done: announced by screen readers. */
  live?: boolean | undefined
}

/** Something to know, set apart from the text. */
export function Notice({ tone = 'info', title, children, live }: NoticeProps): VNode {
  return (
    <div class={`notice tone-${tone}`} role={live ? 'status' : undefined}>
      {title && <p class="notice-title">{title}</p>}
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  )
}
