import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

export interface Option {
  value: string
  label: Contenu
  hint?: Contenu
}

interface ChoiceProps extends Option {
  type: 'radio' | 'checkbox'
  id: string
  name: string
  checked: boolean
  describedBy?: string | undefined
  invalid?: boolean | undefined
}

/** A radio button or a box: the whole card is its label, so the whole card is the target. */
export function Choice({ type, id, name, value, checked, label, hint, describedBy, invalid }: ChoiceProps): VNode {
  return (
    <label class="choice">
      <input
        type={type}
        id={id}
        name={name}
        value={value}
        checked={checked}
        aria-describedby={describedBy}
        aria-invalid={invalid ? 'true' : undefined}
      />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  )
}

/** The id of the n-th control of a group: the first carries the name of the field, where the error summary leads. */
export const choiceId = (name: string, index: number): string => (index === 0 ? name : `${name}-${index + 1}`)
