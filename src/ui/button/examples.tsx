import type { Example } from '../types.ts'
import { Actions, Button, ButtonLink, PrintButton } from './button.tsx'

export const examples: Example[] = [
  {
    nom: 'Les quatre tons',
    description: 'Un seul bouton principal par page.',
    rendu: (
      <Actions>
        <Button type="button">Continuer</Button>
        <Button type="button" tone="secondary">
          Enregistrer
        </Button>
        <Button type="button" tone="danger">
          Supprimer le brouillon
        </Button>
        <Button type="button" tone="quiet">
          Finir plus tard
        </Button>
      </Actions>
    ),
  },
  {
    nom: 'Liens et impression',
    description: 'Un lien qui mène plus loin ; « Imprimer » ne paraît qu’avec le script.',
    rendu: (
      <Actions>
        <ButtonLink href="#button">Commencer la démarche</ButtonLink>
        <ButtonLink href="#button" tone="secondary">
          Voir le dossier
        </ButtonLink>
        <PrintButton />
      </Actions>
    ),
  },
]
