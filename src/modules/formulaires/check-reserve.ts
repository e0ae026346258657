import type { Expression } from './expression.ts'
import { lecturesDe } from './expression-check.ts'
import { type Etape, type Formulaire, indexDe } from './formulaire.ts'
import type { Champ } from './types/index.ts'

/** What is wrong with the étapes reserved to agents: where, and why. `etape` undefined: the form itself. */
export interface DefautDeReserve {
  readonly etape: Etape | undefined
  readonly champ?: Champ
  readonly refus?: number
  readonly message: string
}

/**
 * The étapes reserved to agents: a person is never asked, refused or shown anything that depends on what agents note, the first étape is the
 * person's, and a reserved one does not repeat.
 */
export function checkReserve(formulaire: Formulaire): DefautDeReserve[] {
  const { champs } = indexDe(formulaire)
  const lit = (expression: Expression | undefined): string[] =>
    expression ? lecturesDe(expression).champs.filter(id => champs.get(id)?.etape.reservee) : []
  const dire = (ids: readonly string[]) => [...new Set(ids)].map(id => `lit « ${id} », réservé aux agents`)
  const found: DefautDeReserve[] = []
  if (formulaire.etapes[0]?.reservee)
    found.push({ etape: formulaire.etapes[0], message: 'la première étape est pour la personne : une autre peut être réservée aux agents' })
  for (const etape of formulaire.etapes) {
    if (etape.reservee) {
      if (etape.repetition) found.push({ etape, message: 'une étape réservée aux agents ne se répète pas' })
      continue
    }
    for (const message of dire(lit(etape.visibleSi))) found.push({ etape, message })
    for (const champ of etape.champs) for (const message of dire(expressionsDe(champ).flatMap(lit))) found.push({ etape, champ, message })
  }
  for (const [refus, { expression }] of (formulaire.refusSi ?? []).entries())
    for (const message of dire(lit(expression))) found.push({ etape: undefined, refus, message })
  return found
}

const expressionsDe = (champ: Champ): Expression[] =>
  [
    champ.visibleSi,
    'min' in champ ? champ.min : undefined,
    'max' in champ ? champ.max : undefined,
    champ.type === 'calcul' ? champ.expression : undefined,
  ].filter((expression): expression is Expression => expression !== undefined)
