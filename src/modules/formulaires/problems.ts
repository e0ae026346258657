import { nombreDeLignes, problemOf } from './accept-etape.ts'
import { lignesDe, type Reponses } from './answers.ts'
import { evaluate } from './evaluation.ts'
import { type Env, type Expression, type Portee, termesDe } from './expression.ts'
import { type Etape, type Formulaire, indexDe } from './formulaire.ts'
import { ouvrirVue, type Vue } from './parcours.ts'
import { type Champ, estCherche, sansSaisie, typeDe, type Valeur } from './types/index.ts'

/** Something that still prevents filing, and where to go to put it right. */
export interface Probleme {
  readonly etape: string
  readonly rowId?: string
  /** The field, or the étape when the problem is about the whole of it. */
  readonly champ: string
  readonly message: string
}

/**
 * Everything that still prevents filing; empty means that the form may be filed. Every stored value is read again by the rules
 * of today: a notice that was long enough when the draft was begun may no longer be.
 */
export function problems(formulaire: Formulaire, reponses: Reponses, env: Env): Probleme[] {
  const vue = ouvrirVue(formulaire, reponses, env)
  const found = formulaire.etapes.filter(vue.etapeVisible).flatMap(etape => problemsOfEtape(etape, reponses, vue))
  return [...refusals(formulaire, vue), ...found]
}

/** Why this person cannot ask, in plain French; empty when nothing prevents it so far. */
export const ineligibility = (formulaire: Formulaire, reponses: Reponses, env: Env): string[] =>
  refusals(formulaire, ouvrirVue(formulaire, reponses, env)).map(({ message }) => message)

function problemsOfEtape(etape: Etape, reponses: Reponses, vue: Vue): Probleme[] {
  if (!etape.repetition) return problemsOfFields(etape, vue)
  const rows = lignesDe(reponses, etape.id)
  const message = nombreDeLignes(etape, rows.length)
  return [
    ...(message ? [{ etape: etape.id, champ: etape.id, message }] : []),
    ...rows.flatMap(({ id }) => problemsOfFields(etape, vue, id)),
  ]
}

function problemsOfFields(etape: Etape, vue: Vue, rowId?: string): Probleme[] {
  return etape.champs.flatMap(champ => {
    if (!vue.champVisible(champ, rowId)) return []
    const value = vue.valeur(champ, rowId)
    const message = problemOf(champ, value, vue.portee(rowId)) ?? readAgain(champ, value, vue.portee(rowId))
    return message ? [{ etape: etape.id, ...(rowId === undefined ? {} : { rowId }), champ: champ.id, message }] : []
  })
}

/** Refuses a stored value that the field would no longer accept if it were typed (an option withdrawn, a shorter text). */
function readAgain(champ: Champ, value: Valeur | null, portee: Portee): string | null {
  if (value === null || sansSaisie.has(champ.type)) return null
  const type = typeDe(champ)
  // Only a look-up could read it again, and it was read with one when it was answered.
  if (estCherche(champ)) return null
  const lecture = type.lire(champ, type.saisir(champ, value), portee)
  if (!lecture.ok) return lecture.message
  return lecture.valeur === null ? type.manque(champ) : null
}

function refusals(formulaire: Formulaire, vue: Vue): Probleme[] {
  return (formulaire.refusSi ?? []).flatMap(({ expression, explication }) => {
    if (evaluate(expression, vue.portee()) !== true) return []
    const champ = firstField(expression)
    const etape = champ && indexDe(formulaire).champs.get(champ)?.etape.id
    const first = formulaire.etapes[0]?.id ?? ''
    return [{ etape: etape ?? first, champ: champ ?? first, message: explication }]
  })
}

function firstField(expression: Expression): string | null {
  if ('champ' in expression) return expression.champ
  for (const terme of termesDe(expression)) {
    const found = firstField(terme)
    if (found) return found
  }
  return null
}
