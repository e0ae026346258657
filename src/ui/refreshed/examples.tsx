import type { Example } from '../types.ts'
import { Progress, Refreshed } from './refreshed.tsx'

export const examples: Example[] = [
  {
    nom: 'Un travail en cours',
    description: 'Relu de lui-même avec un script ; sans script, un lien recharge la page.',
    rendu: (
      <Refreshed id="refreshed-exemple">
        <Progress label="120 dossiers faits sur 500" value={120} max={500} />
      </Refreshed>
    ),
  },
]
