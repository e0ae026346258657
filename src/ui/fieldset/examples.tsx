import { TextInput } from '../text-input/text-input.tsx'
import type { Example } from '../types.ts'
import { Fieldset } from './fieldset.tsx'

export const examples: Example[] = [
  {
    nom: 'Une adresse',
    description: 'Des questions sur un même sujet.',
    rendu: (
      <Fieldset legend="Votre adresse" hint="Celle où nous enverrons le document." id="adresse">
        <TextInput name="voie" label="Numéro et rue" autocomplete="address-line1" />
        <TextInput name="commune" label="Commune" autocomplete="address-level2" />
      </Fieldset>
    ),
  },
]
