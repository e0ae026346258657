import type { Example } from '../types.ts'
import { Radios } from './radios.tsx'

const actes = [
  { value: 'copie', label: 'Copie intégrale', hint: 'Tout ce qui est écrit dans l’acte. Demandée pour un mariage ou un passeport.' },
  { value: 'extrait-filiation', label: 'Extrait avec filiation', hint: 'L’essentiel, et le nom des parents.' },
  { value: 'extrait', label: 'Extrait sans filiation' },
]
const ouiNon = [
  { value: 'oui', label: 'Oui' },
  { value: 'non', label: 'Non' },
]

export const examples: Example[] = [
  {
    nom: 'Vide',
    description: 'Toute la carte se presse.',
    rendu: <Radios name="document" label="De quel document avez-vous besoin ?" options={actes} />,
  },
  {
    nom: 'Répondu',
    description: 'Le choix se voit au rond et au fond.',
    rendu: <Radios name="document-choisi" label="De quel document avez-vous besoin ?" options={actes} value="copie" />,
  },
  {
    nom: 'Oui ou non',
    description: 'Deux boutons plutôt qu’une case seule.',
    rendu: <Radios name="allergie" label="Votre enfant a-t-il une allergie ?" options={ouiNon} inline />,
  },
  {
    nom: 'En erreur',
    description: 'Le résumé mène au premier choix.',
    rendu: (
      <Radios
        name="qualite"
        label="Cet acte vous concerne-t-il ?"
        hint="Certains actes ne sont remis qu’à la personne et à sa famille."
        options={ouiNon}
        inline
        error="Répondez par oui ou par non."
      />
    ),
  },
]
