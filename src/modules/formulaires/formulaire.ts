import * as z from 'zod'
import { type Expression, identifiant, schemaExpression } from './expression.ts'
import { schemaParametre } from './parametre.ts'
import { type Champ, type ChampDe, sansReponse, schemaChamp } from './types/index.ts'
import { texteAffiche } from './types/type-de-champ.ts'

/** Upper bounds of a definition: beyond, people give up and pages grow. */
export const limites = { champs: 60, etapes: 30, lignes: 30 } as const

/** Fields of one étape, headings and texts to read included. */
const parEtape = 100

const schemaEtape = z.strictObject({
  id: identifiant,
  titre: texteAffiche(120),
  intro: texteAffiche(800).optional(),
  visibleSi: schemaExpression.optional(),
  /** Asked of agents only, once the dossier is filed: the person never sees it. */
  reservee: z.literal(true).optional(),
  /** The étape is filled in once per row (a child, a vehicle …). */
  repetition: z
    .strictObject({
      min: z.int().min(0).max(limites.lignes),
      max: z.int().min(1).max(limites.lignes),
      nom: z.strictObject({ singulier: texteAffiche(40), pluriel: texteAffiche(40) }),
      /** Name of a row, with fields between braces: `{prenom} {nom}`. */
      titreLigne: texteAffiche(120),
    })
    .optional(),
  champs: z.array(schemaChamp).min(1, 'étape sans champ').max(parEtape),
})

/** The JSON shape of a formulaire. `checkFormulaire` checks the sense, this only the shape. */
export const schemaFormulaire = z.strictObject({
  /** The settings that a commune may change: prices, notices, durations. Expressions read them. */
  parametres: z.array(schemaParametre).max(30).optional(),
  etapes: z.array(schemaEtape).min(1).max(limites.etapes),
  /** Who cannot ask, said before the work and checked again at filing: the first that holds prevents it. */
  refusSi: z
    .array(z.strictObject({ expression: schemaExpression, explication: texteAffiche(600) }))
    .max(20)
    .optional(),
})

/** A page of questions. */
export type Etape = z.infer<typeof schemaEtape>
/** A form: data, immutable once published. */
export type Formulaire = z.infer<typeof schemaFormulaire>

/** A field in its form. */
export interface Place {
  readonly champ: Champ
  readonly etape: Etape
  /** The heading that the field stands under, if any. */
  readonly section: ChampDe<'section'> | null
  /** Its conditions and those of its heading: all must hold, as must those of the étape. */
  readonly conditions: readonly Expression[]
  /** From 0, in the order of the form. */
  readonly rang: number
}

/** Where things are in a form: built once per definition. */
export interface IndexFormulaire {
  readonly champs: ReadonlyMap<string, Place>
  readonly etapes: ReadonlyMap<string, Etape>
}

const indexes = new WeakMap<Formulaire, IndexFormulaire>()

/** The index of a form, kept with it: a definition never changes. */
export function indexDe(formulaire: Formulaire): IndexFormulaire {
  const known = indexes.get(formulaire)
  if (known) return known
  const index = {
    champs: new Map(formulaire.etapes.flatMap(placesDe).map((place, rang) => [place.champ.id, { ...place, rang }] as const)),
    etapes: new Map(formulaire.etapes.map(etape => [etape.id, etape] as const)),
  }
  indexes.set(formulaire, index)
  return index
}

function placesDe(etape: Etape): Omit<Place, 'rang'>[] {
  let section: ChampDe<'section'> | null = null
  return etape.champs.map(champ => {
    if (champ.type === 'section') section = champ
    const under = champ.type === 'section' ? null : section
    return { champ, etape, section: under, conditions: [under?.visibleSi, champ.visibleSi].filter(condition => condition !== undefined) }
  })
}

/** Whether a field must be answered when it is seen. */
export const estObligatoire = (champ: Champ): boolean => !sansReponse.has(champ.type) && champ.obligatoire !== false
