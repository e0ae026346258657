import type { Example } from '../types.ts'
import { ErrorSummary } from './error-summary.tsx'

export const examples: Example[] = [
  {
    nom: 'Une erreur',
    description: 'Le lien mène au champ.',
    rendu: (
      <ErrorSummary
        id="une-erreur"
        autofocus={false}
        errors={[{ champ: 'courriel', message: 'Écrivez une adresse complète, comme nom@exemple.fr.' }]}
      />
    ),
  },
  {
    nom: 'Plusieurs erreurs',
    description: 'Une erreur sans champ n’a pas de lien.',
    rendu: (
      <ErrorSummary
        id="plusieurs-erreurs"
        autofocus={false}
        errors={[
          { champ: 'fin', message: 'Février n’a pas de 31. Corrigez la date.' },
          { champ: 'qualite', message: 'Répondez par oui ou par non.' },
          { champ: '', message: 'Cette page est restée ouverte longtemps. Vérifiez vos réponses, puis envoyez de nouveau.' },
        ]}
      />
    ),
  },
]
