import type { VNode } from 'preact'
import type { Contenu, FieldProps } from '../types.ts'

/** The ids that describe a field, for `aria-describedby`; undefined when there is none. */
export function describedBy({ name, hint, error }: Pick<FieldProps, 'name' | 'hint' | 'error'>, more?: string): string | undefined {
  const ids = [more, hint && `${name}-hint`, error && `${name}-error`].filter(Boolean)
  return ids.length > 0 ? ids.join(' ') : undefined
}

/** The class of a field: in error, a bar on the side says it as well as the colour. */
export const fieldClass = (error: string | undefined): string => (error ? 'field field-error' : 'field')

/** The words of the label, with « (facultatif) » when the answer may stay empty. */
export function LabelText({ label, optional }: Pick<FieldProps, 'label' | 'optional'>): VNode {
  return (
    <>
      {label}
      {optional && <small> (facultatif)</small>}
    </>
  )
}

/** Hint, then error, in the order in which they are read out. */
export function HintAndError({ name, hint, error }: Pick<FieldProps, 'name' | 'hint' | 'error'>): VNode {
  return (
    <>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${name}-error`}>
          <span class="vh">Erreur : </span>
          {error}
        </p>
      )}
    </>
  )
}

/** A field of one control: label, hint, error, then the control. */
export function Field({ children, ...field }: FieldProps & { children: Contenu }): VNode {
  return (
    <div class={fieldClass(field.error)}>
      <label for={field.name}>
        <LabelText {...field} />
      </label>
      <HintAndError {...field} />
      {children}
    </div>
  )
}

/** A field of several controls: a fieldset, whose legend is the label. */
export function GroupField({ children, ...field }: FieldProps & { children: Contenu }): VNode {
  return (
    <fieldset class={fieldClass(field.error)} aria-describedby={describedBy(field)}>
      <legend>
        <LabelText {...field} />
      </legend>
      <HintAndError {...field} />
      {children}
    </fieldset>
  )
}
