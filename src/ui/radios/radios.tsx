import type { VNode } from 'preact'
import { Choice, choiceId, type Option } from '../field/choice.tsx'
import { GroupField } from '../field/field.tsx'
import type { FieldProps } from '../types.ts'

export interface RadiosProps extends FieldProps {
  options: readonly Option[]
  value?: string | undefined
  /** Short answers such as Oui / Non, side by side. */
  inline?: boolean | undefined
}

/** One choice among a few (up to 7; beyond, a Select or a search step). */
export function Radios({ options, value, inline, ...field }: RadiosProps): VNode {
  const choices = options.map((option, index) => (
    <Choice
      {...option}
      key={option.value}
      type="radio"
      id={choiceId(field.name, index)}
      name={field.name}
      checked={option.value === value}
    />
  ))
  return <GroupField {...field}>{inline ? <div class="choices-inline">{choices}</div> : choices}</GroupField>
}
