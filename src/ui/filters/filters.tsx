import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Contenu } from '../types.ts'

export interface FiltersProps {
  action: string
  /** TextInput, Select… side by side. */
  children: Contenu
  /** Address of the list without filter, when one is set. */
  effacer?: string | undefined
  label?: string | undefined
}

/** The filters of an agent's list, sent by GET. */
export function Filters({ action, children, effacer, label = 'Filtrer la liste' }: FiltersProps): VNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> would be one element more, unknown to telephones before 2023
    <form class="filters" role="search" aria-label={label} method="get" action={safeUrl(action)}>
      {children}
      <button type="submit" class="button button-secondary">
        Filtrer
      </button>
      {effacer && (
        <a class="button button-quiet" href={safeUrl(effacer)}>
          Tout afficher
        </a>
      )}
    </form>
  )
}
