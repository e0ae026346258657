import type { VNode } from 'preact'
import { Actions, ButtonLink, Notice } from '../../../../ui/index.ts'
import type { Obstacle } from '../../commands/deposer.ts'

interface ObstaclesProps {
  readonly obstacles: readonly Obstacle[]
  /** Where an answer is changed. */
  lien(obstacle: Obstacle): string
  /** The address of this page, to look again. */
  readonly ici: string
}

/** What still prevents sending: answers to give, each with its way back; or, when nothing else is, documents that are being verified. */
export function Obstacles({ obstacles, lien, ici }: ObstaclesProps): VNode | null {
  if (obstacles.length === 0) return null
  if (obstacles.every(({ fichier }) => fichier))
    return (
      <Notice tone="info" title="Vos documents sont en cours de vérification">
        <ul>
          {obstacles.map(({ etape, rowId, champ, message }) => (
            <li key={`${etape}${rowId ?? ''}${champ}`}>{message}</li>
          ))}
        </ul>
        <p>Vous pourrez ensuite envoyer votre demande. Rien n’est perdu.</p>
        <Actions>
          <ButtonLink href={ici}>Actualiser cette page</ButtonLink>
        </Actions>
      </Notice>
    )
  return (
    <Notice tone="attention" title="Il reste des réponses à donner">
      <ul id="manques">
        {obstacles.map(obstacle => (
          <li key={`${obstacle.etape}${obstacle.rowId ?? ''}${obstacle.champ}`}>
            <a href={lien(obstacle)}>{obstacle.message}</a>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
