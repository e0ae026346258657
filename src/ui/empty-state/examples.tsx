import { ButtonLink } from '../button/button.tsx'
import type { Example } from '../types.ts'
import { EmptyState } from './empty-state.tsx'

export const examples: Example[] = [
  {
    nom: 'Avec une suite',
    description: 'Pourquoi c’est vide, et que faire.',
    rendu: (
      <EmptyState titre="Vous n’avez pas encore de dossier">
        <ButtonLink href="#empty-state">Voir les démarches</ButtonLink>
      </EmptyState>
    ),
  },
  {
    nom: 'Sans résultat',
    description: '',
    rendu: <EmptyState titre="Aucun dossier ne correspond">Retirez un filtre, ou cherchez avec moins de mots.</EmptyState>,
  },
]
