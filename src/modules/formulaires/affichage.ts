import { type Reponses, valeurBrute } from './answers.ts'
import { evaluate } from './evaluation.ts'
import type { Env, Expression } from './expression.ts'
import { lecturesDe } from './expression-check.ts'
import { phrase } from './expression-phrase.ts'
import { type Etape, type Formulaire, indexDe } from './formulaire.ts'
import { ouvrirVue } from './parcours.ts'
import type { Saisie } from './saisie.ts'
import { type Champ, sansReponse, typeDe, type Valeur } from './types/index.ts'

/** A field to put on the page. */
export interface ChampAffiche {
  readonly champ: Champ
  /** When it only concerns some answers of the same page: the condition as a sentence, shown with the field. */
  readonly seulementSi: string | null
  /** The value stored, computed for a `calcul`. */
  readonly valeur: Valeur | null
}

/**
 * The fields of the page of an étape. Without script, nothing may appear while the person answers: a field whose condition
 * depends on this same page is shown with its condition in words, and the server drops its value when the condition fails.
 */
export function champsAffiches(formulaire: Formulaire, etape: Etape, reponses: Reponses, env: Env, rowId?: string): ChampAffiche[] {
  const inconnus = unknownOnPage(formulaire, etape)
  const vue = ouvrirVue(formulaire, reponses, env)
  const before = ouvrirVue(formulaire, reponses, env, inconnus).portee(rowId)
  /** True and false are known; a sentence is the condition that this page will decide. */
  const shows = (champ: Champ): boolean | string => {
    if (!champ.visibleSi) return true
    const decided = evaluate(champ.visibleSi, before)
    if (decided === true) return true
    const { champs, etapes } = lecturesDe(champ.visibleSi)
    const undecided = etapes.includes(etape.id) || (decided === null && champs.some(id => inconnus.has(id)))
    return undecided ? phrase(champ.visibleSi, formulaire) : false
  }
  const shown: ChampAffiche[] = []
  let underHidden = false
  for (const champ of etape.champs) {
    const decided: boolean | string = champ.type !== 'section' && underHidden ? false : shows(champ)
    if (champ.type === 'section') underHidden = decided === false
    if (decided === false) continue
    const valeur = champ.type === 'calcul' ? vue.valeur(champ, rowId) : valeurBrute(formulaire, reponses, champ.id, rowId)
    shown.push({ champ, seulementSi: decided === true ? null : decided, valeur })
  }
  // A heading with nothing under it says nothing.
  return shown.filter(({ champ }, rank) => champ.type !== 'section' || (shown[rank + 1] && shown[rank + 1]?.champ.type !== 'section'))
}

/** Fields that are not known before a page is sent: those asked there, and whatever is computed from them, here or elsewhere. */
function unknownOnPage(formulaire: Formulaire, etape: Etape): ReadonlySet<string> {
  const unknown = new Set(etape.champs.filter(({ type }) => !sansReponse.has(type)).map(({ id }) => id))
  const calculs = formulaire.etapes.flatMap(({ champs }) => champs.filter(champ => champ.type === 'calcul'))
  const reads = (expression: Expression | undefined) => expression !== undefined && readsAny(expression, unknown, etape)
  for (let before = -1; before < unknown.size; ) {
    before = unknown.size
    for (const champ of calculs) if (reads(champ.expression) || reads(champ.visibleSi)) unknown.add(champ.id)
  }
  return unknown
}

function readsAny(expression: Expression, fields: ReadonlySet<string>, etape: Etape): boolean {
  const { champs, etapes } = lecturesDe(expression)
  return etapes.includes(etape.id) || champs.some(id => fields.has(id))
}

/** The answers of an étape as they would be typed, to fill its page. */
export function saisieDe(formulaire: Formulaire, etapeId: string, reponses: Reponses, rowId?: string): Saisie {
  const etape = indexDe(formulaire).etapes.get(etapeId)
  const inputs = (etape?.champs ?? []).map(champ => {
    const value = valeurBrute(formulaire, reponses, champ.id, rowId)
    return value === null ? {} : typeDe(champ).saisir(champ, value)
  })
  return Object.assign({}, ...inputs)
}
