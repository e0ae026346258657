import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Contenu, Lien } from '../types.ts'

export interface SummaryRow {
  cle: string
  valeur: Contenu
  /** Link to change the answer; it is read out with the question. */
  changer?: Lien | undefined
}

/** Questions and answers to check, or the facts of a dossier. */
export function SummaryList({ rows }: { rows: readonly SummaryRow[] }): VNode {
  return (
    <dl class="summary">
      {rows.map(({ cle, valeur, changer }) => (
        <div key={cle}>
          <dt>{cle}</dt>
          <dd>{valeur === '' || valeur === null || valeur === undefined ? <span class="hint">Non renseigné</span> : valeur}</dd>
          {changer && (
            <dd>
              <a href={safeUrl(changer.href)} aria-label={`${changer.texte} : ${cle}`}>
                {changer.texte}
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}
