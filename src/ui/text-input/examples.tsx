import type { Example } from '../types.ts'
import { TextInput } from './text-input.tsx'

export const examples: Example[] = [
  {
    nom: 'Vide',
    description: 'Un libellé suffit presque toujours.',
    rendu: <TextInput name="nom-naissance" label="Nom de naissance" autocomplete="family-name" spellcheck={false} />,
  },
  {
    nom: 'Avec une aide',
    description: 'Le format attendu est dit avant la saisie.',
    rendu: (
      <TextInput
        name="telephone"
        label="Numéro de téléphone"
        hint="Par exemple 06 39 98 12 34. Nous l’utilisons seulement pour cette demande."
        type="tel"
        inputmode="tel"
        autocomplete="tel"
        width={16}
        optional
      />
    ),
  },
  {
    nom: 'Rempli',
    description: 'La largeur annonce la longueur de la réponse.',
    rendu: <TextInput name="code-postal" label="Code postal" value="14500" inputmode="numeric" autocomplete="postal-code" width={5} />,
  },
  {
    nom: 'En erreur',
    description: 'Ce qui a été tapé reste, avec ce qu’il faut écrire.',
    rendu: (
      <TextInput
        name="courriel"
        label="Adresse électronique"
        hint="Nous y envoyons l’accusé de réception."
        value="camille@"
        type="email"
        autocomplete="email"
        error="Écrivez une adresse complète, comme nom@exemple.fr."
      />
    ),
  },
  {
    nom: 'Avec une unité',
    description: 'L’unité est à l’écran ; elle est dite aussi dans le libellé.',
    rendu: <TextInput name="surface" label="Surface occupée, en mètres carrés" suffix="m²" inputmode="decimal" width={6} />,
  },
  {
    nom: 'Avec des propositions',
    description: 'Le script en propose pendant la frappe ; tout autre texte peut être envoyé.',
    rendu: (
      <TextInput
        name="commune-de-naissance"
        label="Commune de naissance"
        hint="Son nom ou son code postal, par exemple 14500."
        source="/recherche/communes"
        spellcheck={false}
      />
    ),
  },
  {
    nom: 'Mots très longs',
    description: 'Rien ne déborde.',
    rendu: (
      <TextInput
        name="long"
        label="Anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement"
        value="Saint-Germain-de-Tallevende-la-Lande-Vaumont-sur-une-ligne-qui-ne-finit-pas"
      />
    ),
  },
]
