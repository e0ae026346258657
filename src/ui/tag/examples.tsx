import type { Example } from '../types.ts'
import { Tag } from './tag.tsx'

export const examples: Example[] = [
  {
    nom: 'Les tons',
    description: 'Le mot porte le sens, la couleur aide.',
    rendu: (
      <p>
        <Tag>Brouillon</Tag> <Tag tone="info">En instruction</Tag> <Tag tone="succes">Accepté</Tag> <Tag tone="attention">À corriger</Tag>{' '}
        <Tag tone="danger">Refusé</Tag>
      </p>
    ),
  },
]
