import type { Example } from '../types.ts'
import { Select } from './select.tsx'

const ecoles = ['École des Tilleuls', 'École Jean-Moulin', 'École du Bocage'].map((label, index) => ({ value: String(index), label }))

export const examples: Example[] = [
  {
    nom: 'Vide',
    description: 'De huit à cinquante choix. En dessous, des boutons ; au-dessus, une recherche.',
    rendu: <Select name="ecole" label="École de l’enfant" options={ecoles} />,
  },
  { nom: 'Choisi', description: '', rendu: <Select name="ecole-choisie" label="École de l’enfant" options={ecoles} value="1" /> },
  {
    nom: 'En erreur',
    description: '',
    rendu: (
      <Select
        name="ecole-erreur"
        label="École de l’enfant"
        hint="Celle de la prochaine rentrée."
        options={ecoles}
        error="Choisissez une école dans la liste."
      />
    ),
  },
]
