import type { Example } from '../types.ts'
import { Cells, PaperField, RuledLines, TickBoxes } from './paper.tsx'

export const examples: Example[] = [
  {
    nom: 'Une date',
    description: 'Huit cases : deux, deux, quatre.',
    rendu: (
      <PaperField label="Date de naissance" hint="Jour, mois, année.">
        <Cells groups={[2, 2, 4]} />
      </PaperField>
    ),
  },
  {
    nom: 'Des lignes et des cases',
    description: 'Pour écrire, et pour cocher.',
    rendu: (
      <>
        <PaperField label="Votre demande">
          <RuledLines count={3} />
        </PaperField>
        <PaperField label="Êtes-vous propriétaire ?">
          <TickBoxes options={['Oui', 'Non']} />
        </PaperField>
      </>
    ),
  },
]
