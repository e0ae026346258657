import type { Example } from '../types.ts'
import { Receipt } from './receipt.tsx'

export const examples: Example[] = [
  {
    nom: 'Dépôt',
    description: 'La référence se lit au téléphone.',
    rendu: (
      <Receipt titre="Votre demande est bien arrivée" reference="AC34-9KTR-XW7M">
        <p>Notez cette référence : elle suffit pour suivre votre demande, en ligne ou au téléphone.</p>
      </Receipt>
    ),
  },
  {
    nom: 'Référence et code',
    description: 'Ce qui ouvre le dossier, à emporter.',
    rendu: (
      <Receipt titre="Vire Normandie" reference="K7M4-P9QX" code="3TRX-W6CD">
        <p>Gardez cette fiche.</p>
      </Receipt>
    ),
  },
]
