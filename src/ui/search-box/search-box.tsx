import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Contenu } from '../types.ts'

export interface SearchBoxProps {
  action: string
  label: string
  name?: string | undefined
  value?: string | undefined
  hint?: Contenu
  bouton?: string | undefined
  autocomplete?: string | undefined
  /** The main thing of the page: a larger box. */
  large?: boolean | undefined
}

/** A search, sent by GET, so that a result has an address. */
export function SearchBox(props: SearchBoxProps): VNode {
  const { action, label, name = 'q', value, hint, bouton = 'Rechercher', autocomplete = 'off', large } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> would be one element more, unknown to telephones before 2023
    <form class={large ? 'search search-large' : 'search'} role="search" aria-label={label} method="get" action={safeUrl(action)}>
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <input
        type="search"
        id={name}
        name={name}
        value={value}
        autocomplete={autocomplete}
        aria-describedby={hint ? `${name}-hint` : undefined}
      />
      <button type="submit" class="button">
        {bouton}
      </button>
    </form>
  )
}
