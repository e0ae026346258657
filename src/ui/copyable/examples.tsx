import type { Example } from '../types.ts'
import { Copyable } from './copyable.tsx'

export const examples: Example[] = [
  {
    nom: 'Une adresse à copier',
    description: 'Une pression choisit tout.',
    rendu: (
      <p>
        Adresse du calendrier : <Copyable>https://parvis.example/vire-normandie/agenda/4f1c9e72a0.ics</Copyable>
      </p>
    ),
  },
]
