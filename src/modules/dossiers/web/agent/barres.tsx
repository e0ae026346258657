import type { VNode } from 'preact'

/** Bars beside a table that says the same in figures: hidden from screen readers. */
export function Barres({ valeurs }: { readonly valeurs: readonly number[] }): VNode {
  const most = Math.max(1, ...valeurs)
  const width = 100 / Math.max(1, valeurs.length)
  return (
    <svg viewBox="0 0 100 24" preserveAspectRatio="none" width="100%" height="96" aria-hidden="true" focusable="false">
      {valeurs.map((valeur, rank) => {
        const height = (valeur / most) * 23
        return (
          <rect
            key={`${rank}-${valeur}`}
            x={rank * width + width * 0.1}
            y={24 - height}
            width={width * 0.8}
            height={height}
            fill="var(--accent)"
          />
        )
      })}
    </svg>
  )
}
