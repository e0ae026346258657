import type { Example } from '../types.ts'
import { Notice } from './notice.tsx'

export const examples: Example[] = [
  {
    nom: 'Information',
    description: '',
    rendu: <Notice title="Cette démarche est gratuite">Méfiez-vous des sites qui la font payer.</Notice>,
  },
  {
    nom: 'Succès',
    description: 'Ce qui vient d’être fait est annoncé.',
    rendu: (
      <Notice tone="succes" live>
        Votre message est envoyé.
      </Notice>
    ),
  },
  {
    nom: 'Attention',
    description: '',
    rendu: (
      <Notice tone="attention" title="La mairie sera fermée le vendredi 1er mai">
        Les demandes en ligne restent possibles.
      </Notice>
    ),
  },
  {
    nom: 'Danger',
    description: '',
    rendu: (
      <Notice tone="danger" title="Ce dossier sera effacé">
        Vous ne pourrez pas revenir en arrière.
      </Notice>
    ),
  },
  { nom: 'Neutre', description: '', rendu: <Notice tone="neutre">Réponse de la mairie sous deux mois au plus.</Notice> },
]
