import type { Example } from '../types.ts'
import { SummaryList } from './summary-list.tsx'

const changer = { texte: 'Modifier', href: '#summary-list' }

export const examples: Example[] = [
  {
    nom: 'Réponses à vérifier',
    description: 'Une réponse vide est dite « Non renseigné ».',
    rendu: (
      <SummaryList
        rows={[
          { cle: 'Nom de naissance', valeur: 'Exemple', changer },
          { cle: 'Adresse', valeur: '12 rue des Tilleuls\n14500 Vire Normandie', changer },
          { cle: 'Précisions', valeur: '', changer },
        ]}
      />
    ),
  },
  {
    nom: 'Faits',
    description: 'Sans lien.',
    rendu: (
      <SummaryList
        rows={[
          { cle: 'Déposé le', valeur: '3 mars 2026' },
          { cle: 'Par', valeur: 'Internet' },
        ]}
      />
    ),
  },
]
