import type { VNode } from 'preact'
import { GroupField } from '../field/field.tsx'
import type { FieldProps } from '../types.ts'

export interface DateParts {
  jour?: string | undefined
  mois?: string | undefined
  annee?: string | undefined
}

export interface DateInputProps extends FieldProps {
  /** What was typed, in three parts, or a day as `YYYY-MM-DD`. */
  value?: DateParts | string | undefined
  /** The person's own birth date: the browser may fill it in (WCAG 1.3.5). */
  birthday?: boolean | undefined
}

const parts = [
  { key: 'jour', label: 'Jour', size: 2, autocomplete: 'bday-day' },
  { key: 'mois', label: 'Mois', size: 2, autocomplete: 'bday-month' },
  { key: 'annee', label: 'Année', size: 4, autocomplete: 'bday-year' },
] as const

/**
 * A date in three inputs named `${name}-jour`, `${name}-mois`, `${name}-annee`: no calendar to fight with.
 * The first has the id `name`, where the error summary leads.
 */
export function DateInput({ value, birthday, ...field }: DateInputProps): VNode {
  const typed = typeof value === 'string' ? partsOf(value) : (value ?? {})
  return (
    <GroupField {...field}>
      <div class="date">
        {parts.map(({ key, label, size, autocomplete }, index) => (
          <label key={key}>
            {label}
            <input
              type="text"
              id={index === 0 ? field.name : `${field.name}-${key}`}
              name={`${field.name}-${key}`}
              value={typed[key]}
              size={size}
              inputmode="numeric"
              autocomplete={birthday ? autocomplete : 'off'}
              aria-invalid={field.error ? 'true' : undefined}
            />
          </label>
        ))}
      </div>
    </GroupField>
  )
}

function partsOf(day: string): DateParts {
  const [annee, mois, jour] = day.split('-')
  return { jour, mois, annee }
}
