import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

/** Boxes to write one figure or letter in each, in groups of nine at most: a date is 2, 2 and 4. */
export function Cells({ groups }: { groups: readonly number[] }): VNode {
  return (
    <p class="cells">
      {groups.map((count, rank) => (
        <span key={`${rank}`} class={`n${count}`} />
      ))}
    </p>
  )
}

/** Ruled lines to write on. */
export const RuledLines = ({ count }: { count: number }): VNode => <div class="ruled">{'\u00a0\n'.repeat(count)}</div>

/** Boxes to tick. */
export function TickBoxes({ options }: { options: readonly string[] }): VNode {
  return (
    <ul class="ticks">
      {options.map(option => (
        <li key={option}>{option}</li>
      ))}
    </ul>
  )
}

/** A question of a paper form: its words, when it is to be answered, where to write. */
export function PaperField({ label, hint, children }: { label: string; hint?: string | undefined; children: Contenu }): VNode {
  return (
    <div class="paper-field">
      <strong>{label}</strong>
      {hint && <span class="hint">{hint}</span>}
      {children}
    </div>
  )
}
