import { TextInput } from '../text-input/text-input.tsx'
import type { Example } from '../types.ts'
import { Frame } from './frame.tsx'

export const examples: Example[] = [
  {
    nom: 'Téléphone',
    description: 'Une question comme on la verra sur un téléphone de 360 pixels.',
    rendu: (
      <Frame phone>
        <TextInput name="frame-prenom" label="Votre prénom" />
      </Frame>
    ),
  },
]
