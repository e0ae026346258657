import type { Example } from '../types.ts'
import { Breadcrumb } from './breadcrumb.tsx'

export const examples: Example[] = [
  {
    nom: 'Deux niveaux',
    description: 'La page présente n’y est pas : son titre suit.',
    rendu: (
      <Breadcrumb
        chemin={[
          { texte: 'Accueil', href: '#breadcrumb' },
          { texte: 'Enfance et école', href: '#ecole' },
        ]}
      />
    ),
  },
]
