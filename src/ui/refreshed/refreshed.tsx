import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

/**
 * What changes by itself on the server (the progress of a job): with script it is read again every so many seconds and put in place, until the page
 * sends it without `seconds`. Without script nothing moves: give a link to load the page again beside it.
 */
export function Refreshed({ id, seconds, children }: { id: string; seconds?: number | undefined; children: Contenu }): VNode {
  return (
    <div id={id} data-module={seconds && 'refreshed'} data-seconds={seconds}>
      {children}
    </div>
  )
}

/** How far something is, in words and as a bar. */
export function Progress({ label, value, max }: { label: string; value: number; max: number }): VNode {
  return (
    <p>
      {label}
      <progress value={value} max={max} aria-label={label}>
        {`${Math.round((100 * value) / Math.max(1, max))} %`}
      </progress>
    </p>
  )
}
