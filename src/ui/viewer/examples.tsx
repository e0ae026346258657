import type { Example } from '../types.ts'
import { Viewer } from './viewer.tsx'

export const examples: Example[] = [
  {
    nom: 'Une image',
    description: 'Elle se montre dans la page quand on l’ouvre ; le lien pour la télécharger est toujours là.',
    rendu: <Viewer nom="facade.jpg" href="#facade" vueHref="#facade" sorte="image" />,
  },
  {
    nom: 'Un autre fichier',
    description: 'Un tableur ou un texte ne se montre pas : il se télécharge.',
    rendu: <Viewer nom="plan.ods" href="#plan" sorte="autre" />,
  },
]
