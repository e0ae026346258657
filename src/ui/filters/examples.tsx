import { Select } from '../select/select.tsx'
import { TextInput } from '../text-input/text-input.tsx'
import type { Example } from '../types.ts'
import { Filters } from './filters.tsx'

export const examples: Example[] = [
  {
    nom: 'Liste des dossiers',
    description: 'Envoyés dans l’adresse : un filtre se garde en favori.',
    rendu: (
      <Filters action="#filters" effacer="#filters">
        <TextInput name="mots" label="Mots ou référence" type="search" />
        <Select
          name="etat"
          label="État"
          vide="Tous"
          options={[
            { value: 'en_instruction', label: 'En instruction' },
            { value: 'accepte', label: 'Accepté' },
          ]}
        />
      </Filters>
    ),
  },
]
