import type { Example } from '../types.ts'
import { MessageThread } from './message-thread.tsx'

export const examples: Example[] = [
  {
    nom: 'Un échange',
    description: 'Du plus ancien au plus récent.',
    rendu: (
      <MessageThread
        messages={[
          {
            auteur: 'Service scolaire',
            date: '4 mars 2026 à 11 h',
            dateIso: '2026-03-04T11:00:00+01:00',
            texte: 'Bonjour,\nil nous manque le certificat du médecin. Pouvez-vous le joindre ?',
          },
          {
            auteur: 'Camille Exemple',
            date: '4 mars 2026 à 19 h 20',
            dateIso: '2026-03-04T19:20:00+01:00',
            texte: 'Le voici.',
            deMoi: true,
            pieces: [{ texte: 'certificat.pdf', href: '#certificat' }],
          },
        ]}
      />
    ),
  },
]
