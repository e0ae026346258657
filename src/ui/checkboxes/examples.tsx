import type { Example } from '../types.ts'
import { Checkbox, Checkboxes } from './checkboxes.tsx'

const jours = ['Lundi', 'Mardi', 'Jeudi', 'Vendredi'].map(label => ({ value: label.toLowerCase(), label }))

export const examples: Example[] = [
  {
    nom: 'Plusieurs cases',
    description: 'Aucune, une ou plusieurs réponses.',
    rendu: (
      <Checkboxes
        name="jours"
        label="Quels jours votre enfant mange-t-il à l’école ?"
        hint="Cochez tous les jours prévus."
        options={jours}
      />
    ),
  },
  {
    nom: 'Cochées, en erreur',
    description: 'Ce qui a été coché le reste.',
    rendu: (
      <Checkboxes
        name="jours-erreur"
        label="Quels jours votre enfant mange-t-il à l’école ?"
        options={jours}
        values={['lundi', 'jeudi']}
        error="Choisissez trois jours au plus."
      />
    ),
  },
  {
    nom: 'Une case seule',
    description: 'Une déclaration, un accord.',
    rendu: <Checkbox name="exact" label="Je certifie que ces renseignements sont exacts." />,
  },
  {
    nom: 'Une case seule, en erreur',
    description: '',
    rendu: (
      <Checkbox
        name="reglement"
        label="J’ai lu le règlement du restaurant scolaire."
        hint="Il est affiché à l’école et à la mairie."
        error="Cochez la case pour continuer."
      />
    ),
  },
]
