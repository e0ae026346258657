import type { VNode } from 'preact'
import { Choice, choiceId, type Option } from '../field/choice.tsx'
import { describedBy, fieldClass, GroupField, HintAndError } from '../field/field.tsx'
import type { FieldProps } from '../types.ts'

export interface CheckboxesProps extends FieldProps {
  options: readonly Option[]
  values?: readonly string[] | undefined
}

/** Several choices among a few; every box has the same name, sent once per box ticked. */
export function Checkboxes({ options, values = [], ...field }: CheckboxesProps): VNode {
  return (
    <GroupField {...field}>
      {options.map((option, index) => (
        <Choice
          {...option}
          key={option.value}
          type="checkbox"
          id={choiceId(field.name, index)}
          name={field.name}
          checked={values.includes(option.value)}
        />
      ))}
    </GroupField>
  )
}

export interface CheckboxProps extends FieldProps {
  /** What is sent when the box is ticked. */
  value?: string | undefined
  checked?: boolean | undefined
}

/** A single box: a declaration, an agreement. A yes/no question is a pair of Radios, never a lone box. */
export function Checkbox({ value = 'oui', checked = false, label, ...field }: CheckboxProps): VNode {
  return (
    <div class={fieldClass(field.error)}>
      <HintAndError {...field} />
      <Choice
        type="checkbox"
        id={field.name}
        name={field.name}
        value={value}
        checked={checked}
        label={label}
        describedBy={describedBy(field)}
        invalid={Boolean(field.error)}
      />
    </div>
  )
}
