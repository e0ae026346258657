import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Contenu } from '../types.ts'

export interface FormProps {
  action: string
  method?: 'post' | 'get'
  /** Form token against forged requests, sent as `_jeton`. */
  jeton?: string | undefined
  /** Idempotency key, sent as `_cle`: the same key has one effect, so the script may send again after a cut. */
  cle?: string | undefined
  /** Needed when a FileInput is inside. */
  multipart?: boolean | undefined
  /** Says on top that every answer is required but those marked « facultatif » (RGAA 11.10). */
  obligatoires?: boolean | undefined
  /** The browser sends it, never the script: an answer that leaves the site, that is a file, or a sign-in. */
  natif?: boolean | undefined
  id?: string | undefined
  /** Name of the form for a screen reader, when a page has several. */
  label?: string | undefined
  children: Contenu
}

/**
 * A form, POST by default. Errors are the server's, said in French beside each field: the browser's own bubbles are off.
 * A POST with a `cle` is sent by the enhancement script when there is one, and by the browser otherwise.
 */
export function Form({ action, method = 'post', jeton, cle, multipart, obligatoires, natif, id, label, children }: FormProps): VNode {
  return (
    <form
      action={safeUrl(action)}
      method={method}
      enctype={multipart ? 'multipart/form-data' : undefined}
      novalidate
      id={id}
      aria-label={label}
      data-module={method === 'post' && cle && !natif ? 'form-send' : undefined}
    >
      {jeton && <input type="hidden" name="_jeton" value={jeton} />}
      {cle && <input type="hidden" name="_cle" value={cle} />}
      {/* Enter in a field presses the first button of the form (HTML, implicit submission): never the one that removes a document. */}
      {multipart && (
        // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the keyboard does not reach it, and the form has its visible button
        <button type="submit" class="by-enter" tabindex={-1} aria-hidden="true">
          Envoyer
        </button>
      )}
      {obligatoires && <p class="hint">Toutes les réponses sont nécessaires, sauf celles marquées « facultatif ».</p>}
      {children}
    </form>
  )
}
