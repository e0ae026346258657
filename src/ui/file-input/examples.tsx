import type { Example } from '../types.ts'
import { FileInput } from './file-input.tsx'

const limits = { formats: 'PDF, JPEG ou PNG', maximum: '20 Mo', accept: '.pdf,.jpg,.jpeg,.png' }

export const examples: Example[] = [
  {
    nom: 'Vide',
    description: 'Les limites sont dites avant de choisir.',
    rendu: <FileInput name="assurance" label="Attestation d’assurance" hint="Une photo lisible suffit." {...limits} />,
  },
  {
    nom: 'Avec des fichiers reçus',
    description: 'Chaque fichier se retire seul, sans script.',
    rendu: (
      <FileInput
        name="justificatifs"
        label="Justificatifs"
        multiple
        {...limits}
        existing={[
          { id: 'a1', nom: 'plan-de-situation.pdf', taille: '240 ko', href: '#plan' },
          { id: 'a2', nom: 'photographie_de_la_facade_avant_les_travaux_vue_depuis_la_rue.jpeg', taille: '3,1 Mo' },
        ]}
      />
    ),
  },
  {
    nom: 'En erreur',
    description: '',
    rendu: (
      <FileInput
        name="protocole"
        label="Projet d’accueil individualisé"
        {...limits}
        error="Ce fichier est trop lourd : 34 Mo. Choisissez un fichier de 20 Mo au plus."
      />
    ),
  },
]
