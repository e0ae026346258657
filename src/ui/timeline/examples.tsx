import type { Example } from '../types.ts'
import { Timeline } from './timeline.tsx'

export const examples: Example[] = [
  {
    nom: 'Histoire d’un dossier',
    description: '',
    rendu: (
      <Timeline
        events={[
          {
            titre: 'Demande acceptée',
            date: '12 mars 2026 à 9 h 30',
            dateIso: '2026-03-12T09:30:00+01:00',
            texte: 'Le document est à retirer à l’accueil.',
            auteur: 'Service de l’état civil',
          },
          {
            titre: 'Prise en instruction',
            date: '5 mars 2026 à 10 h',
            dateIso: '2026-03-05T10:00:00+01:00',
            auteur: 'Service de l’état civil',
          },
          { titre: 'Demande déposée', date: '3 mars 2026 à 21 h 04', dateIso: '2026-03-03T21:04:00+01:00' },
        ]}
      />
    ),
  },
]
