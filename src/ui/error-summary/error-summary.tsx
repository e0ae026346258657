import type { VNode } from 'preact'

export interface FieldError {
  /** Name of the field, which is the id of its (first) control; empty when the error is of the whole form. */
  champ: string
  message: string
}

export interface ErrorSummaryProps {
  errors: readonly FieldError[]
  id?: string | undefined
  autofocus?: boolean | undefined
}

/**
 * The errors of a form, first thing in the page, each leading to its field. Nothing when there is none.
 * `autofocus` brings keyboard and screen reader here without script; the script does the same after a page sent by fetch.
 */
export function ErrorSummary({ errors, id = 'erreurs', autofocus = true }: ErrorSummaryProps): VNode | null {
  if (errors.length === 0) return null
  return (
    <section class="error-summary" tabindex={-1} autofocus={autofocus} aria-labelledby={id} data-module="error-summary">
      <h2 id={id}>{errors.length === 1 ? 'Une réponse est à revoir' : `${errors.length} réponses sont à revoir`}</h2>
      <ul>
        {errors.map(({ champ, message }) => (
          <li key={champ + message}>{champ ? <a href={`#${champ}`}>{message}</a> : message}</li>
        ))}
      </ul>
    </section>
  )
}
