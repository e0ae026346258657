import type { Example } from '../types.ts'
import { KeyFigures } from './key-figures.tsx'

export const examples: Example[] = [
  {
    nom: 'Tableau d’un agent',
    description: '',
    rendu: (
      <KeyFigures
        figures={[
          { libelle: 'À prendre', valeur: '14' },
          { libelle: 'En instruction', valeur: '32', detail: 'dont 3 à décider cette semaine' },
          { libelle: 'Délai moyen', valeur: '4 jours' },
        ]}
      />
    ),
  },
]
