import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

export interface KeyFigure {
  libelle: string
  valeur: Contenu
  detail?: Contenu
}

/** A few figures to read at a glance. */
export function KeyFigures({ figures }: { figures: readonly KeyFigure[] }): VNode {
  return (
    <dl class="figures">
      {figures.map(({ libelle, valeur, detail }) => (
        <div key={libelle}>
          <dt>{libelle}</dt>
          <dd>{valeur}</dd>
          {detail && <dd class="hint">{detail}</dd>}
        </div>
      ))}
    </dl>
  )
}
