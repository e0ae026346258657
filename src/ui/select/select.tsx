import type { VNode } from 'preact'
import { describedBy, Field } from '../field/field.tsx'
import type { FieldProps } from '../types.ts'

export interface SelectOption {
  value: string
  label: string
}

export interface SelectProps extends FieldProps {
  options: readonly SelectOption[]
  value?: string | undefined
  /** The empty first line; `false` when a value is always chosen (a filter). */
  vide?: string | false | undefined
  autocomplete?: string | undefined
}

/**
 * A drop-down list of 50 options at most, the weight that the page budget allows.
 * Refuses more by throwing: it is a mistake of the page, which needs a search step.
 */
export function Select({ options, value, vide = 'Choisissez', autocomplete, ...field }: SelectProps): VNode {
  if (options.length > 50) throw new RangeError(`Select ${field.name}: ${options.length} options, 50 at most. Use a search step.`)
  return (
    <Field {...field}>
      <select
        id={field.name}
        name={field.name}
        autocomplete={autocomplete}
        aria-describedby={describedBy(field)}
        aria-invalid={field.error ? 'true' : undefined}
      >
        {vide !== false && <option value="">{vide}</option>}
        {options.map(option => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  )
}
