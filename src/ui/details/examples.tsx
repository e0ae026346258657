import type { Example } from '../types.ts'
import { Details } from './details.tsx'

export const examples: Example[] = [
  {
    nom: 'Fermé',
    description: 'Ce que peu de personnes cherchent.',
    rendu: <Details titre="Pourquoi cette question ?">La loi réserve certains actes à la personne et à sa famille.</Details>,
  },
  {
    nom: 'Ouvert',
    description: '',
    rendu: (
      <Details titre="Je n’ai pas de scanner" open>
        Une photographie prise avec un téléphone suffit, si le texte se lit.
      </Details>
    ),
  },
]
