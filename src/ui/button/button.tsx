import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Contenu } from '../types.ts'

export type ButtonTone = 'primary' | 'secondary' | 'danger' | 'quiet'

export interface ButtonProps {
  children: Contenu
  tone?: ButtonTone | undefined
  name?: string | undefined
  value?: string | undefined
  formaction?: string | undefined
  /** Id of the form, when the button is outside it. */
  form?: string | undefined
  type?: 'submit' | 'button' | undefined
  /** Full name for a screen reader, beginning with the visible words (WCAG 2.5.3). */
  label?: string | undefined
}

const toneClass = (tone: ButtonTone): string => (tone === 'primary' ? 'button' : `button button-${tone}`)

/** A button that acts: it sends a form. To go somewhere, a ButtonLink. */
export function Button({ children, tone = 'primary', name, value, formaction, form, type = 'submit', label }: ButtonProps): VNode {
  return (
    <button
      type={type}
      class={toneClass(tone)}
      name={name}
      value={value}
      form={form}
      formaction={formaction === undefined ? undefined : safeUrl(formaction)}
      aria-label={label}
    >
      {children}
    </button>
  )
}

/** A link that looks like a button: the main way onward of a page. */
export function ButtonLink({
  children,
  href,
  tone = 'primary',
}: {
  children: Contenu
  href: string
  tone?: ButtonTone | undefined
}): VNode {
  return (
    <a class={toneClass(tone)} href={safeUrl(href)}>
      {children}
    </a>
  )
}

/** Buttons side by side, one under another on a small screen. */
export function Actions({ children }: { children: Contenu }): VNode {
  return <div class="actions">{children}</div>
}

/** Prints the page; shown by the script, because without one it can do nothing. */
export function PrintButton({ children = 'Imprimer' }: { children?: Contenu }): VNode {
  return (
    <button type="button" class="button button-secondary" data-module="print-button" hidden>
      {children}
    </button>
  )
}
