import type { VNode } from 'preact'

export interface StepIndicatorProps {
  /** From 1. */
  etape: number
  total: number
  /** Title of the next step, when it is known. */
  suivante?: string | undefined
}

/** Where we are in a form: « Étape 2 sur 5 ». */
export function StepIndicator({ etape, total, suivante }: StepIndicatorProps): VNode {
  return (
    <p class="steps">
      <strong>
        Étape {etape} sur {total}
      </strong>
      {suivante && ` · ensuite : ${suivante}`}
      <progress value={etape} max={total} aria-hidden="true" />
    </p>
  )
}
