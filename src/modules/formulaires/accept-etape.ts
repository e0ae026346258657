import { addRow, lignesDe, type Reponses, valeurBrute, withValues } from './answers.ts'
import type { Env } from './expression.ts'
import { type Etape, estObligatoire, type Formulaire, indexDe } from './formulaire.ts'
import { ouvrirVue, purgeHidden } from './parcours.ts'
import type { Trouvaille } from './recherche.ts'
import { estInchange } from './recherches.ts'
import type { Saisie } from './saisie.ts'
import { sansReponse, sansSaisie, typeDe, type Valeur } from './types/index.ts'

export type { Saisie }

export interface Erreur {
  /** Name of the control to go to: the field, a box of it (`adresse-codePostal`), or the étape when the error is about the whole of it. */
  readonly champ: string
  readonly message: string
  /** What was found, to choose from by `${champ}-choix`. */
  readonly propositions?: readonly Trouvaille[]
}

export type Acceptation =
  | { readonly ok: true; readonly reponses: Reponses }
  /** `saisie` is what was typed, to be shown again as it is. */
  | { readonly ok: false; readonly erreurs: readonly Erreur[]; readonly saisie: Saisie }

/**
 * Reads what was posted for an étape, or for one row of a repeated étape (an unknown `rowId` adds the row, so that a post
 * repeated by a bad network makes one row). What is posted replaces the étape's former values, files apart; nothing is kept
 * when there is an error; hidden fields lose their values throughout the form. A repeated étape without `rowId` is the page
 * that lists the rows: only their number is checked.
 */
export function acceptEtape(
  formulaire: Formulaire,
  etapeId: string,
  saisie: Saisie,
  reponses: Reponses,
  env: Env,
  rowId?: string,
): Acceptation {
  const refused = (champ: string, message: string): Acceptation => ({ ok: false, erreurs: [{ champ, message }], saisie })
  const etape = indexDe(formulaire).etapes.get(etapeId)
  if (!etape || !ouvrirVue(formulaire, reponses, env).etapeVisible(etape))
    return refused(etapeId, 'Cette étape ne concerne pas votre demande.')
  if (etape.repetition && rowId === undefined) {
    const message = nombreDeLignes(etape, lignesDe(reponses, etapeId).length)
    return message ? refused(etapeId, message) : { ok: true, reponses: purgeHidden(formulaire, reponses, env) }
  }
  const row = etape.repetition ? rowId : undefined
  const base = row === undefined ? reponses : addRow(formulaire, reponses, etapeId, row)
  if (!base) return refused(etapeId, `${etape.repetition?.max ?? 0} ${etape.repetition?.nom.pluriel ?? 'lignes'} au maximum.`)
  const read = readFields(formulaire, etape, saisie, base, env, row)
  const answered = withValues(base, etape, row, read.values)
  const erreurs = errorsOf(formulaire, etape, read.messages, answered, env, row)
  if (erreurs.length > 0) return { ok: false, erreurs, saisie }
  return { ok: true, reponses: purgeHidden(formulaire, answered, env) }
}

/** What is wrong with the number of rows of a repeated étape, or null. */
export function nombreDeLignes(etape: Etape, count: number): string | null {
  if (!etape.repetition) return null
  const { min, max, nom } = etape.repetition
  if (count < min) return min === 1 ? `Ajoutez au moins une réponse : ${nom.singulier}.` : `Ajoutez au moins ${min} ${nom.pluriel}.`
  return count > max ? `${max} ${max > 1 ? nom.pluriel : nom.singulier} au maximum : retirez-en ${count - max}.` : null
}

function readFields(formulaire: Formulaire, etape: Etape, saisie: Saisie, reponses: Reponses, env: Env, rowId: string | undefined) {
  const portee = ouvrirVue(formulaire, reponses, env).portee(rowId)
  const values: Record<string, Valeur | null> = {}
  const messages = new Map<string, Erreur>()
  for (const champ of etape.champs) {
    if (sansSaisie.has(champ.type)) continue
    const known = valeurBrute(formulaire, reponses, champ.id, rowId)
    // What was looked up once is not looked up again: the register may have changed, or be away.
    if (known !== null && estInchange(champ, known, saisie)) {
      values[champ.id] = known
      continue
    }
    const lecture = typeDe(champ).lire(champ, saisie, portee)
    values[champ.id] = lecture.ok ? lecture.valeur : null
    if (lecture.ok) continue
    const { partie, message, propositions } = lecture
    messages.set(champ.id, { champ: partie ? `${champ.id}-${partie}` : champ.id, message, ...(propositions ? { propositions } : {}) })
  }
  return { values, messages }
}

/** Errors of the fields that show once the new answers are in: a field that they hide cannot be wrong. */
function errorsOf(
  formulaire: Formulaire,
  etape: Etape,
  unreadable: ReadonlyMap<string, Erreur>,
  reponses: Reponses,
  env: Env,
  rowId: string | undefined,
): Erreur[] {
  const vue = ouvrirVue(formulaire, reponses, env)
  return etape.champs.flatMap(champ => {
    if (!vue.champVisible(champ, rowId)) return []
    const known = unreadable.get(champ.id)
    if (known) return [known]
    const message = problemOf(champ, vue.valeur(champ, rowId), vue.portee(rowId))
    return message ? [{ champ: champ.id, message }] : []
  })
}

/** What is wrong with the value of a visible field: missing while required, or out of its bounds. */
export function problemOf(
  champ: Etape['champs'][number],
  value: Valeur | null,
  portee: ReturnType<ReturnType<typeof ouvrirVue>['portee']>,
): string | null {
  if (sansReponse.has(champ.type)) return null
  const type = typeDe(champ)
  if (value === null) return estObligatoire(champ) ? type.manque(champ) : null
  return type.controler?.(champ, value, portee) ?? null
}
