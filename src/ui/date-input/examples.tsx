import type { Example } from '../types.ts'
import { DateInput } from './date-input.tsx'

export const examples: Example[] = [
  {
    nom: 'Vide',
    description: 'Trois cases, sans calendrier. Un exemple dans l’aide.',
    rendu: <DateInput name="naissance" label="Date de naissance" hint="Par exemple 27 3 1984." birthday />,
  },
  {
    nom: 'Remplie',
    description: 'Depuis un jour enregistré.',
    rendu: <DateInput name="debut" label="Premier jour d’occupation" value="2026-12-04" />,
  },
  {
    nom: 'En erreur',
    description: 'Ce qui a été tapé reste tel quel.',
    rendu: (
      <DateInput
        name="fin"
        label="Dernier jour d’occupation"
        value={{ jour: '31', mois: '2', annee: '2026' }}
        error="Février n’a pas de 31. Corrigez la date."
      />
    ),
  },
]
