import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import { describedBy, Field } from '../field/field.tsx'
import type { FieldProps } from '../types.ts'

export interface TextInputProps extends FieldProps {
  value?: string | undefined
  /** Never `number` nor `date`: they change what was typed (scroll wheel, locale). Use `inputmode`, and DateInput. */
  type?: 'text' | 'email' | 'tel' | 'url' | 'password' | 'search'
  inputmode?: 'text' | 'numeric' | 'decimal' | 'email' | 'tel' | 'url' | 'search' | undefined
  /** Token of HTML §4.10.18.7, such as `given-name` (WCAG 1.3.5). */
  autocomplete?: string | undefined
  /** Width in characters; without it the field takes the line. */
  width?: number | undefined
  /** Short text stuck before or after, such as `€`. Also said in the label or the hint: it is not read out. */
  prefix?: string | undefined
  suffix?: string | undefined
  /** False for codes, names and addresses that a spelling checker would underline. */
  spellcheck?: boolean | undefined
  /** Where the enhancement script finds propositions for the words typed (`?q=`, JSON `{resultats: […]}`). Any text may still be sent. */
  source?: string | undefined
}

/** A line of text. What was typed comes back as it was typed, in error too. */
export function TextInput({
  value,
  type = 'text',
  inputmode,
  autocomplete,
  width,
  prefix,
  suffix,
  spellcheck,
  source,
  ...field
}: TextInputProps): VNode {
  const input = (
    <input
      // The types of preact do not spread a union over their own union of inputs.
      type={type as 'text'}
      id={field.name}
      name={field.name}
      value={value}
      size={width}
      inputmode={inputmode}
      autocomplete={autocomplete}
      spellcheck={spellcheck}
      data-module={source && 'recherche'}
      data-source={source && safeUrl(source)}
      aria-describedby={describedBy(field)}
      aria-invalid={field.error ? 'true' : undefined}
    />
  )
  if (!prefix && !suffix) return <Field {...field}>{input}</Field>
  return (
    <Field {...field}>
      <span class="affix">
        {prefix && <span aria-hidden="true">{prefix}</span>}
        {input}
        {suffix && <span aria-hidden="true">{suffix}</span>}
      </span>
    </Field>
  )
}
