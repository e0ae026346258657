import { lignesDe, type Reponses, type Valeurs } from './answers.ts'
import { evaluate, holds } from './evaluation.ts'
import type { Commune, Env, Expression, Portee, Resultat, ValeurParametre } from './expression.ts'
import { type Etape, estObligatoire, type Formulaire, indexDe, type Place } from './formulaire.ts'
import { type Champ, type ChampDe, typeDe, type Valeur } from './types/index.ts'

export type { Commune, Env, Expression, ValeurParametre }

/** A form seen through its answers: what shows, and the value of each thing shown. */
export interface Vue {
  etapeVisible(etape: Etape): boolean
  champVisible(champ: Champ, rowId?: string): boolean
  /** The value of a visible field, computed for a `calcul`; null when empty or hidden. */
  valeur(champ: Champ, rowId?: string): Valeur | null
  /** What expressions see, from the whole form or from one row. */
  portee(rowId?: string): Portee
}

/** What was resolved within one scope: the whole form, or one row. By rank of field; absent: not yet. */
interface Portion {
  readonly portee: Portee
  readonly visibles: (boolean | undefined)[]
  readonly valeurs: (Valeur | null | undefined)[]
  readonly resultats: (Resultat | undefined)[]
}

/**
 * Opens the view of a form. Visibility is resolved on demand and once: a hidden field has no value, so what depends on it hides
 * in turn, whatever the order of the definition. A cycle, refused at publication, would resolve as hidden rather than loop.
 */
export function ouvrirVue(formulaire: Formulaire, reponses: Reponses, env: Env, inconnus?: ReadonlySet<string>): Vue {
  const index = indexDe(formulaire)
  const etapesVisibles = new Map<Etape, boolean>()
  const portions = new Map<string, Portion>()
  const rows = new Map(
    formulaire.etapes
      .filter(({ repetition }) => repetition)
      .map(({ id }) => [id, new Map(lignesDe(reponses, id).map(row => [row.id, row.champs]))]),
  )

  const vue: Vue = {
    etapeVisible(etape) {
      if (!etape.visibleSi) return true
      const known = etapesVisibles.get(etape)
      if (known !== undefined) return known
      etapesVisibles.set(etape, false)
      const isVisible = holds(etape.visibleSi, portion(undefined).portee)
      etapesVisibles.set(etape, isVisible)
      return isVisible
    },
    champVisible(champ, rowId) {
      const place = index.champs.get(champ.id)
      return place !== undefined && Boolean(place.etape.repetition) === (rowId !== undefined) && visible(place, portion(rowId))
    },
    valeur(champ, rowId) {
      const place = index.champs.get(champ.id)
      if (!place || Boolean(place.etape.repetition) !== (rowId !== undefined)) return null
      return valeur(place, rowId)
    },
    portee: rowId => portion(rowId).portee,
  }

  function visible({ rang, etape, conditions }: Place, { visibles, portee }: Portion): boolean {
    const known = visibles[rang]
    if (known !== undefined) return known
    visibles[rang] = false
    const isVisible = vue.etapeVisible(etape) && conditions.every(condition => holds(condition, portee))
    visibles[rang] = isVisible
    return isVisible
  }

  function valeur(place: Place, rowId: string | undefined): Valeur | null {
    const own = portion(rowId)
    if (!visible(place, own)) return null
    const known = own.valeurs[place.rang]
    if (known !== undefined) return known
    own.valeurs[place.rang] = null
    const found = place.champ.type === 'calcul' ? computed(place.champ, own.portee) : stored(place.champ, valuesOf(place, rowId))
    own.valeurs[place.rang] = found
    return found
  }

  function portion(rowId: string | undefined): Portion {
    const known = portions.get(rowId ?? '')
    if (known) return known
    const made: Portion = { portee: buildScope(rowId), visibles: [], valeurs: [], resultats: [] }
    portions.set(rowId ?? '', made)
    return made
  }

  function buildScope(rowId: string | undefined): Portee {
    return {
      ...env,
      ...(inconnus ? { inconnus } : {}),
      champ(id, propriete): Resultat {
        const place = index.champs.get(id)
        if (!place || inconnus?.has(id)) return null
        const inRow = place.etape.repetition !== undefined
        if (inRow && (rowId === undefined || !rows.get(place.etape.id)?.has(rowId))) return null
        return resultat(place, inRow ? rowId : undefined, propriete)
      },
      lignes(etapeId) {
        const etape = index.etapes.get(etapeId)
        return etape?.repetition && vue.etapeVisible(etape) ? lignesDe(reponses, etapeId).map(row => vue.portee(row.id)) : []
      },
    }
  }

  function resultat(place: Place, rowId: string | undefined, propriete: string | undefined): Resultat {
    const value = valeur(place, rowId)
    if (value === null) return null
    const type = typeDe(place.champ)
    if (propriete !== undefined) return type.propriete?.(place.champ, value, propriete) ?? null
    const { resultats } = portion(rowId)
    const known = resultats[place.rang]
    if (known !== undefined) return known
    const found = type.resultat(place.champ, value)
    resultats[place.rang] = found
    return found
  }

  const valuesOf = ({ etape }: Place, rowId: string | undefined): Valeurs | undefined =>
    rowId === undefined ? reponses.champs : rows.get(etape.id)?.get(rowId)
  return vue
}

function computed(champ: ChampDe<'calcul'>, portee: Portee): Valeur | null {
  const value = evaluate(champ.expression, portee)
  return typeDe(champ).est(value) ? (typeDe(champ).resultat(champ, value) as Valeur) : null
}

function stored(champ: Champ, values: Valeurs | undefined): Valeur | null {
  const value: unknown = values && Object.hasOwn(values, champ.id) ? values[champ.id] : undefined
  return typeDe(champ).est(value) ? value : null
}

/** Whether a condition on the whole form holds for these answers: which service is in charge, for instance. */
export const conditionTenue = (formulaire: Formulaire, reponses: Reponses, env: Env, condition: Expression): boolean =>
  holds(condition, ouvrirVue(formulaire, reponses, env).portee())

export interface ChampVu {
  readonly champ: Champ
  readonly obligatoire: boolean
  readonly valeur: Valeur | null
}

export interface EtapeVue {
  readonly etape: Etape
  /** The visible fields; empty for a repeated étape, whose fields are in its rows. */
  readonly champs: readonly ChampVu[]
  readonly lignes: readonly { readonly id: string; readonly titre: string; readonly champs: readonly ChampVu[] }[]
}

// One page asks for it three times: where it is, what comes before, what comes after. Answers are never changed in place.
const kept = new WeakMap<Reponses, { readonly formulaire: Formulaire; readonly env: Env; readonly etapes: readonly EtapeVue[] }>()

/** The étapes and fields that show for these answers, in order, with their values. */
export function parcours(formulaire: Formulaire, reponses: Reponses, env: Env): readonly EtapeVue[] {
  const known = kept.get(reponses)
  if (known?.formulaire === formulaire && known.env === env) return known.etapes
  const etapes = parcourir(formulaire, reponses, env)
  kept.set(reponses, { formulaire, env, etapes })
  return etapes
}

function parcourir(formulaire: Formulaire, reponses: Reponses, env: Env): EtapeVue[] {
  const vue = ouvrirVue(formulaire, reponses, env)
  const seenIn = (etape: Etape, rowId?: string): ChampVu[] =>
    etape.champs
      .filter(champ => vue.champVisible(champ, rowId))
      .map(champ => ({ champ, obligatoire: estObligatoire(champ), valeur: vue.valeur(champ, rowId) }))
  return formulaire.etapes.filter(vue.etapeVisible).map(etape => ({
    etape,
    champs: etape.repetition ? [] : seenIn(etape),
    lignes: etape.repetition
      ? lignesDe(reponses, etape.id).map((row, rank) => ({
          id: row.id,
          titre: titreDeLigne(etape, vue, row.id, rank),
          champs: seenIn(etape, row.id),
        }))
      : [],
  }))
}

/** The name of a row made of its answers (« Léa Exemple »), or « Enfant 2 » while they are empty. */
function titreDeLigne(etape: Etape, vue: Vue, rowId: string, rank: number): string {
  const named = etape.repetition?.titreLigne.replace(/\{([a-zA-Z0-9_]+)\}/g, (_, id: string) => {
    const champ = etape.champs.find(candidate => candidate.id === id)
    const value = champ ? vue.valeur(champ, rowId) : null
    return champ && value !== null ? typeDe(champ).formater(champ, value) : ''
  })
  const name = etape.repetition?.nom.singulier ?? ''
  return named?.trim() || `${name.charAt(0).toUpperCase()}${name.slice(1)} ${rank + 1}`
}

/** The answers without what hidden fields, hidden étapes and unknown fields hold. Cascades: gives a fixpoint. */
export function purgeHidden(formulaire: Formulaire, reponses: Reponses, env: Env): Reponses {
  // A hidden field already reads as empty while conditions are evaluated: for a checked definition one pass is the fixpoint.
  const vue = ouvrirVue(formulaire, reponses, env)
  const kept = (etape: Etape, rowId?: string) =>
    etape.champs.flatMap(champ => {
      const value = champ.type === 'calcul' ? null : vue.valeur(champ, rowId)
      return value === null ? [] : [[champ.id, value] as const]
    })
  const champs = formulaire.etapes.filter(etape => !etape.repetition).flatMap(etape => kept(etape))
  const lignes = formulaire.etapes
    .filter(etape => etape.repetition && vue.etapeVisible(etape))
    .map(
      etape =>
        [etape.id, lignesDe(reponses, etape.id).map(row => ({ id: row.id, champs: Object.fromEntries(kept(etape, row.id)) }))] as const,
    )
    .filter(([, rows]) => rows.length > 0)
  return { champs: Object.fromEntries(champs), lignes: Object.fromEntries(lignes) }
}
