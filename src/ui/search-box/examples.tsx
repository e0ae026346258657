import type { Example } from '../types.ts'
import { SearchBox } from './search-box.tsx'

export const examples: Example[] = [
  {
    nom: 'Grande',
    description: 'La première chose d’un accueil.',
    rendu: <SearchBox action="#search-box" label="Que voulez-vous faire ?" name="recherche" large />,
  },
  {
    nom: 'Dans une page',
    description: 'Ce qui a été cherché reste.',
    rendu: (
      <SearchBox
        action="#search-box"
        label="Trouver une commune"
        name="commune-cherchee"
        value="St Germain"
        hint="Un nom, un code postal ou un lieu."
      />
    ),
  },
]
