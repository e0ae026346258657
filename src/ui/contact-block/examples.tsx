import type { Example } from '../types.ts'
import { ContactBlock } from './contact-block.tsx'

export const examples: Example[] = [
  {
    nom: 'Tout est connu',
    description: '',
    rendu: (
      <ContactBlock
        titre="La mairie"
        adresse={['Place de l’Exemple', '14500 Vire Normandie']}
        telephone="02 61 91 00 00"
        courriel="accueil@vire-normandie.example"
        horaires={[
          { jours: 'Du lundi au vendredi', heures: '9 h – 12 h, 13 h 30 – 17 h' },
          { jours: 'Samedi', heures: '9 h – 12 h' },
        ]}
      />
    ),
  },
  {
    nom: 'Peu de choses connues',
    description: 'Ce qui est inconnu n’est pas montré.',
    rendu: <ContactBlock titre="La mairie annexe" telephone="02 61 91 00 01" />,
  },
  {
    nom: 'Une personne, avec un geste',
    description: 'Le lien dit ce que l’on peut faire pour elle.',
    rendu: (
      <ContactBlock
        titre="Camille Exemple"
        telephone="06 39 98 12 34"
        lien={{ texte: 'Donner un nouveau code à la personne', href: '#code' }}
      />
    ),
  },
]
