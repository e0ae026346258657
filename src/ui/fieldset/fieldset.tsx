import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

export interface FieldsetProps {
  legend: Contenu
  hint?: Contenu
  /** Needed with a hint, to link it. */
  id?: string | undefined
  children: Contenu
}

/** A group of fields on one subject: an address, a child. */
export function Fieldset({ legend, hint, id, children }: FieldsetProps): VNode {
  const hintId = hint && id ? `${id}-hint` : undefined
  return (
    <fieldset class="fieldset" id={id} aria-describedby={hintId}>
      <legend>{legend}</legend>
      {hint && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
      {children}
    </fieldset>
  )
}
