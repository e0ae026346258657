import type { Example } from '../types.ts'
import { Carte } from './carte.tsx'

const plan = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 250"><path fill="#faf6ee" d="M0 0h400v250H0z"/><circle cx="200" cy="125" r="9" fill="#b3261e"/></svg>',
)}`

export const examples: Example[] = [
  {
    nom: 'Un lieu connu',
    description: 'Le plan est une image faite par le serveur ; ses mots disent la même chose.',
    rendu: <Carte src={plan} alt="Plan des environs : 1 rue de l’Exemple, coordonnées 48,83850, -0,88930" />,
  },
]
