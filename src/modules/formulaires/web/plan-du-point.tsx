import type { VNode } from 'preact'
import { Carte, Notice } from '../../../ui/index.ts'
import { ecrireCoordonnees, type Point } from '../types/coordonnees.ts'

interface PlanDuPointProps {
  point: Point
  /** The place as it is read. */
  mots: string
  /** What may be wrong with it. */
  alerte: string | null
  /** Where plans are drawn (`…/recherche`); without it none is shown. */
  recherche: string | undefined
}

/** A place on a plan drawn by the server, its words and coordinates as the alternative, and the warning when there is one. */
export function PlanDuPoint({ point, mots, alerte, recherche }: PlanDuPointProps): VNode {
  const coordinates = ecrireCoordonnees(point)
  const [words] = mots.split('\n')
  return (
    <>
      {alerte && <Notice tone="attention">{alerte}</Notice>}
      {recherche && (
        <Carte
          src={`${recherche}/plan.svg?lat=${point.lat}&lon=${point.lon}`}
          alt={`Plan des environs : ${words && words !== coordinates ? `${words}, ` : ''}coordonnées ${coordinates}`}
        />
      )}
    </>
  )
}
