import { lignesDe, type Reponses, type Valeurs } from './answers.ts'
import { type Env, evaluate, holds, type Portee, type Resultat } from './expression.ts'
import { type Etape, estObligatoire, type Formulaire, indexDe } from './formulaire.ts'
import { type Champ, typeDe, type Valeur } from './types/index.ts'

/** A form seen through its answers: what shows, and the value of each thing shown. */
export interface Vue {
  etapeVisible(etape: Etape): boolean
  champVisible(champ: Champ, rowId?: string): boolean
  /** The value of a visible field, computed for a `calcul`; null when empty or hidden. */
  valeur(champ: Champ, rowId?: string): Valeur | null
  /** What expressions see, from the whole form or from one row. */
  portee(rowId?: string): Portee
}

/**
 * Opens the view of a form. Visibility is resolved on demand and once: a hidden field has no value, so what depends on it hides
 * in turn, whatever the order of the definition. A cycle, refused at publication, would resolve as hidden rather than loop.
 */
export function ouvrirVue(formulaire: Formulaire, reponses: Reponses, env: Env, inconnus?: ReadonlySet<string>): Vue {
  const index = indexDe(formulaire)
  const seen = new Map<string, boolean>()
  const computed = new Map<string, Valeur | null>()
  const scopes = new Map<string, Portee>()
  const rows = new Map(
    formulaire.etapes
      .filter(({ repetition }) => repetition)
      .map(({ id }) => [id, new Map(lignesDe(reponses, id).map(row => [row.id, row.champs]))]),
  )

  function once<V>(memo: Map<string, V>, key: string, provisional: V, compute: () => V): V {
    const known = memo.get(key)
    if (known !== undefined) return known
    memo.set(key, provisional)
    const value = compute()
    memo.set(key, value)
    return value
  }

  const vue: Vue = {
    etapeVisible: etape => once(seen, `etape ${etape.id}`, false, () => holds(etape.visibleSi, vue.portee())),
    champVisible(champ, rowId) {
      const etape = index.champs.get(champ.id)?.etape
      if (!etape || Boolean(etape.repetition) !== (rowId !== undefined)) return false
      return once(seen, `${champ.id} ${rowId ?? ''}`, false, () => vue.etapeVisible(etape) && holds(champ.visibleSi, vue.portee(rowId)))
    },
    valeur(champ, rowId) {
      if (!vue.champVisible(champ, rowId)) return null
      if (champ.type !== 'calcul') return stored(champ, valuesOf(champ, rowId))
      return once(computed, `${champ.id} ${rowId ?? ''}`, null, () => {
        const value = evaluate(champ.expression, vue.portee(rowId))
        return typeDe(champ).est(value) ? (typeDe(champ).resultat(champ, value) as Valeur) : null
      })
    },
    portee(rowId) {
      const key = rowId ?? ''
      const known = scopes.get(key)
      if (known) return known
      const scope = buildScope(rowId)
      scopes.set(key, scope)
      return scope
    },
  }

  function buildScope(rowId: string | undefined): Portee {
    return {
      ...env,
      ...(inconnus ? { inconnus } : {}),
      champ(id): Resultat {
        const found = index.champs.get(id)
        if (!found || inconnus?.has(id)) return null
        const inRow = found.etape.repetition !== undefined
        if (inRow && (rowId === undefined || !rows.get(found.etape.id)?.has(rowId))) return null
        const value = vue.valeur(found.champ, inRow ? rowId : undefined)
        return value === null ? null : typeDe(found.champ).resultat(found.champ, value)
      },
      lignes(etapeId) {
        const etape = index.etapes.get(etapeId)
        return etape?.repetition && vue.etapeVisible(etape) ? lignesDe(reponses, etapeId).map(row => vue.portee(row.id)) : []
      },
    }
  }

  const valuesOf = (champ: Champ, rowId: string | undefined): Valeurs | undefined =>
    rowId === undefined ? reponses.champs : rows.get(index.champs.get(champ.id)?.etape.id ?? '')?.get(rowId)
  return vue
}

function stored(champ: Champ, values: Valeurs | undefined): Valeur | null {
  const value: unknown = values && Object.hasOwn(values, champ.id) ? values[champ.id] : undefined
  return typeDe(champ).est(value) ? value : null
}

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

/** The étapes and fields that show for these answers, in order, with their values. */
export function parcours(formulaire: Formulaire, reponses: Reponses, env: Env): EtapeVue[] {
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
