import type { VNode } from 'preact'
import { describedBy, Field } from '../field/field.tsx'
import type { FieldProps } from '../types.ts'

export interface TextareaProps extends FieldProps {
  value?: string | undefined
  rows?: number | undefined
  /** Maximum in characters, said before typing. Not a `maxlength`: it cuts a pasted text without a word. */
  maximum?: number | undefined
  autocomplete?: string | undefined
}

/** Several lines of text. */
export function Textarea({ value, rows = 5, maximum, autocomplete, ...field }: TextareaProps): VNode {
  const limit = maximum === undefined ? undefined : `${maximum.toLocaleString('fr-FR')} caractères au plus.`
  const hint = limit && field.hint ? [field.hint, ' ', limit] : (field.hint ?? limit)
  const said = { ...field, hint }
  return (
    <Field {...said}>
      <textarea
        id={field.name}
        name={field.name}
        rows={rows}
        autocomplete={autocomplete}
        aria-describedby={describedBy(said)}
        aria-invalid={field.error ? 'true' : undefined}
        value={value}
      />
    </Field>
  )
}
