import { Button } from '../button/button.tsx'
import type { Example } from '../types.ts'
import { Plan, PlanRow, TypeChoices } from './plan.tsx'

export const examples: Example[] = [
  {
    nom: 'Une page dépliée',
    description: 'Chaque ligne mène à sa page ; ses boutons la déplacent.',
    rendu: (
      <Plan pages>
        <PlanRow id="plan-a" href="#plan-a" texte="1. Vous" description="3 questions." ouverte>
          <Plan>
            <PlanRow id="plan-b" href="#plan-b" texte="Votre prénom" description="Texte court.">
              <Button tone="quiet" label="Descendre : Votre prénom">
                Descendre
              </Button>
            </PlanRow>
          </Plan>
        </PlanRow>
        <PlanRow id="plan-c" href="#plan-c" texte="2. Votre demande" description="1 question." />
      </Plan>
    ),
  },
  {
    nom: 'Choisir un type',
    description: 'Un choix parmi beaucoup, par groupes, avec un exemple pour chacun.',
    rendu: (
      <TypeChoices
        name="plan-type"
        label="Comment on y répond"
        value="texte"
        groups={[{ titre: 'Écrire', types: [{ nom: 'texte', libelle: 'Texte court', exemple: 'Une ligne : un nom.' }] }]}
      />
    ),
  },
]
