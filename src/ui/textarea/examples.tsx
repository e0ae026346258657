import type { Example } from '../types.ts'
import { Textarea } from './textarea.tsx'

export const examples: Example[] = [
  {
    nom: 'Avec un maximum',
    description: 'Le maximum est dit avant, et rien n’est coupé pendant la saisie.',
    rendu: <Textarea name="precisions" label="Que devons-nous savoir de plus ?" maximum={1000} optional />,
  },
  {
    nom: 'Rempli',
    description: 'Les retours à la ligne sont gardés.',
    rendu: <Textarea name="travaux" label="Décrivez les travaux" rows={3} value={'Pose d’un échafaudage.\nRavalement de la façade.'} />,
  },
  {
    nom: 'En erreur',
    description: 'Le texte trop long reste entier.',
    rendu: (
      <Textarea
        name="motif"
        label="Motif de la demande"
        hint="Deux ou trois phrases."
        maximum={500}
        rows={3}
        value="Je souhaite…"
        error="Écrivez au moins une phrase complète."
      />
    ),
  },
]
