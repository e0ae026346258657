import type { Example } from '../types.ts'
import { StepIndicator } from './step-indicator.tsx'

export const examples: Example[] = [
  { nom: 'Au milieu', description: 'Et ce qui vient après.', rendu: <StepIndicator etape={2} total={5} suivante="vos documents" /> },
  { nom: 'Dernière étape', description: '', rendu: <StepIndicator etape={5} total={5} /> },
]
